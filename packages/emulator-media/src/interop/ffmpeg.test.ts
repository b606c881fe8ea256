import { spawn, spawnSync } from 'node:child_process'
import { afterEach, describe, expect, test } from 'vitest'
import { FlvReader } from '../flv/flv-reader'
import type { FlvTag } from '../flv/flv-tag'
import { isAudioSequenceHeader, videoTraits } from '../flv/media-payload'
import { createMediaPlane } from '../human/media-plane'
import { type CssOrigin, createCssOrigin } from '../origin/css-origin'

const FFMPEG = 'ffmpeg'
const installed = spawnSync(FFMPEG, ['-version']).status === 0
const PATIENCE_MS = 60_000

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs ffmpeg or ffprobe to its end. */
function run(program: 'ffmpeg' | 'ffprobe', args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['-hide_banner', '-loglevel', 'error', ...args])
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (text: Buffer) => {
      stdout += text.toString()
    })
    child.stderr.on('data', (text: Buffer) => {
      stderr += text.toString()
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** Two seconds of test picture and tone, sent as fast as they are read from a clock. */
const TEST_SIGNAL = [
  ['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25'],
  ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'],
  ['-t', '2', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-bf', '0'],
  ['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-f', 'flv'],
].flat()

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

let origin: CssOrigin | undefined
afterEach(async () => origin?.close())

describe('ffmpeg', () => {
  test('pushes with a signed address, and its stream is served as FLV', {
    timeout: PATIENCE_MS,
  }, async (ctx) => {
    if (!installed) ctx.skip('ffmpeg is not installed: its push to the origin was not tried')
    const css = await createCssOrigin({ pushKeys: ['secret-key'] })
    origin = css
    const pushing = run(FFMPEG, [...TEST_SIGNAL, css.push('m1')])
    await until(() => (css.streams()[0]?.videoTags ?? 0) > 0)
    const response = await fetch(css.play('m1'))
    expect(response.status).toBe(200)
    const flv = new Uint8Array(await response.arrayBuffer())
    expect(await pushing).toMatchObject({ code: 0, stderr: '' })
    const reader = new FlvReader()
    const tags: FlvTag[] = reader.push(flv)
    expect(reader.contains).toEqual({ audio: true, video: true })
    expect(tags.slice(0, 3).map(({ type }) => type)).toEqual([18, 9, 8])
    expect(videoTraits(tags[1]?.payload ?? Buffer.of()).sequenceHeader).toBe(true)
    expect(isAudioSequenceHeader(tags[2]?.payload ?? Buffer.of())).toBe(true)
    const pictures = tags.filter(({ type }) => type === 9).slice(1)
    expect(videoTraits(pictures[0]?.payload ?? Buffer.of()).keyFrame).toBe(true)
    expect(pictures[0]?.timestamp).toBe(0)
    expect(pictures.length).toBeGreaterThan(30)
  })

  test('is refused with a bad address and shows why', { timeout: PATIENCE_MS }, async (ctx) => {
    if (!installed) ctx.skip('ffmpeg is not installed: its refusal by the origin was not tried')
    const css = await createCssOrigin({ pushKeys: ['secret-key'] })
    origin = css
    const outcome = await run(FFMPEG, [...TEST_SIGNAL, css.push('m1').replace('/m1?', '/m2?')])
    expect(outcome.code).not.toBe(0)
    expect(outcome.stderr).toContain('txSecret does not match')
    expect(css.streams()).toEqual([])
  })

  test('decodes every picture and sound of a digital human', {
    timeout: PATIENCE_MS,
  }, async (ctx) => {
    if (!installed)
      ctx.skip('ffmpeg is not installed: the human was not decoded by another program')
    const css = await createCssOrigin()
    origin = css
    const media = await createMediaPlane({ publishTo: css })
    const human = await media.open({ sessionId: 'm1', avatar: 'asset-1' })
    human.say('Hello, I am here. '.repeat(10))
    const url = human.playUrl ?? ''
    await until(() => css.streams().length > 0)
    const decoded = await run(FFMPEG, [
      '-xerror',
      '-err_detect',
      'explode',
      '-t',
      '2',
      '-i',
      url,
      '-f',
      'null',
      '-',
    ])
    expect(decoded).toMatchObject({ code: 0, stderr: '' })
    const fields = 'stream=codec_name,profile,width,height,sample_rate,channels'
    const probe = await run('ffprobe', ['-show_entries', fields, '-of', 'default=nk=1:nw=1', url])
    expect(probe.stdout.split('\n')).toEqual(
      expect.arrayContaining(['h264', '640', '360', 'aac', 'LC', '32000', '1']),
    )
    await media.close()
  })
})
