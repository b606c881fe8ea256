import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny'
import { afterEach, describe, expect, it } from 'vitest'
import { createMediaPlane } from '../media-plane'
import { end, eventually, freePort, isInstalled } from '../testing/programs'

/** Paths of the module in Debian's libnginx-mod-rtmp and other distributions. */
const module = [
  '/usr/lib/nginx/modules/ngx_rtmp_module.so',
  '/usr/lib64/nginx/modules/ngx_rtmp_module.so',
].find((path) => existsSync(path))
const installed = module !== undefined && isInstalled('nginx', '-v')

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function startServer(): Promise<{ port: number; folder: string }> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'nginx-rtmp-'))
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  writeFileSync(
    join(folder, 'nginx.conf'),
    `load_module ${module};
    ${user}
    daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
    events {}
    rtmp { server { listen 127.0.0.1:${port}; application live {
      live on; hls on; hls_path ${folder}/hls; hls_fragment 1s; } } }
    `,
  )
  const args = ['-c', join(folder, 'nginx.conf'), '-p', folder, '-e', join(folder, 'error.log')]
  const child = spawn('nginx', args, { stdio: 'ignore' })
  cleanups.push(async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  })
  return { port, folder }
}

describe('nginx-rtmp', { timeout: 60_000 }, () => {
  it('accepts a human and packages it as HLS', async (ctx) => {
    if (!installed) ctx.skip('nginx with its RTMP module is not installed: the push was not tried')
    const { folder, port } = await startServer()
    const media = await createMediaPlane()
    cleanups.push(() => media.close())
    await eventually(() =>
      media.open({
        sessionId: 'm1',
        avatar: 'asset-1',
        pushUrl: `rtmp://127.0.0.1:${port}/live/m1?txSecret=abc&txTime=5C271099`,
      }),
    )
    const segment = await eventually(async () => {
      // A segment is complete when another one follows.
      const found = readdirSync(join(folder, 'hls')).filter((name) => name.endsWith('.ts'))
      const first = found.length > 1 ? found.sort()[0] : undefined
      return first === undefined ? undefined : readFile(join(folder, 'hls', first))
    })
    const input = new Input({ source: new BufferSource(segment), formats: ALL_FORMATS })
    const video = await input.getPrimaryVideoTrack()
    const audio = await input.getPrimaryAudioTrack()
    expect([await video?.getCodec(), await audio?.getCodec()]).toEqual(['avc', 'aac'])
    expect([await video?.getCodedWidth(), await audio?.getSampleRate()]).toEqual([640, 32_000])
  })
})
