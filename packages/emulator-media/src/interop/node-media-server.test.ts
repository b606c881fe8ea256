import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FlvReader, type FlvTag, videoTraits } from '@ivh-kit/css-origin/flv'
import { afterEach, describe, expect, it } from 'vitest'
import { createMediaPlane } from '../media-plane'
import { end, eventually, freePort } from '../testing/programs'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/**
 * Starts the server. It does not support port 0, allows one instance per process, and exits when a port is in
 * use.
 */
async function startServer(): Promise<{ rtmp: number; http: number }> {
  const [rtmp, http] = [await freePort(), await freePort()]
  const folder = mkdtempSync(join(tmpdir(), 'nms-'))
  const config = {
    bind: '127.0.0.1',
    rtmp: { port: rtmp },
    http: { port: http },
    store: { path: folder },
  }
  const main = createRequire(import.meta.url).resolve('node-media-server')
  const program = `new (require(${JSON.stringify(main)}))(${JSON.stringify(config)}).run()`
  const child = spawn(process.execPath, ['-e', program], { stdio: 'ignore', cwd: folder })
  cleanups.push(async () => {
    await end(child)
    rmSync(folder, { recursive: true, force: true })
  })
  return { rtmp, http }
}

describe('node-media-server', { timeout: 60_000 }, () => {
  it('accepts a human and serves it as HTTP-FLV', async () => {
    const { http, rtmp } = await startServer()
    const media = await createMediaPlane()
    cleanups.push(() => media.close())
    const human = await eventually(() =>
      media.open({
        sessionId: 'm1',
        avatar: 'asset-1',
        pushUrl: `rtmp://127.0.0.1:${rtmp}/live/m1?txSecret=abc&txTime=5C271099`,
      }),
    )
    human.say('Good morning, everybody. '.repeat(8))
    const response = await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${http}/live/m1.flv`)
      return answer.ok ? answer : undefined
    })
    const reader = new FlvReader()
    const tags: FlvTag[] = []
    for await (const bytes of response.body ?? []) {
      tags.push(...reader.push(bytes))
      if (tags.filter(({ type }) => type === 9).length > 25) break
    }
    const pictures = tags.filter(({ type }) => type === 9)
    expect(videoTraits(pictures[0]?.payload ?? Buffer.of()).sequenceHeader).toBe(true)
    expect(videoTraits(pictures[1]?.payload ?? Buffer.of()).keyFrame).toBe(true)
    expect(tags.filter(({ type }) => type === 8).length).toBeGreaterThan(20)
  })
})
