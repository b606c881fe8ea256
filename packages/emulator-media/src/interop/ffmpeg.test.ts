import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CssOrigin, createCssOrigin } from '@ivh-kit/css-origin'
import { FlvReader, type FlvTag, isAudioSequenceHeader, videoTraits } from '@ivh-kit/css-origin/flv'
import { openPublisher, type RtmpPublisher } from '@ivh-kit/css-origin/publisher'
import { afterEach, describe, expect, it } from 'vitest'
import { createMediaPlane } from '../media-plane'
import { isInstalled, run } from '../testing/programs'

const ffmpeg = 'ffmpeg'
const installed = isInstalled(ffmpeg, '-version')
const patienceMs = 60_000

const quietly = (args: readonly string[]): readonly string[] => [
  ...['-hide_banner', '-loglevel', 'error'],
  ...args,
]

/** Arguments of ffmpeg for two seconds of test picture and tone, in real time. */
const testSignal = [
  ['-re', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=25'],
  ['-re', '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'],
  ['-t', '2', '-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-bf', '0'],
  ['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-f', 'flv'],
].flat()

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

/** Connects as soon as the server listens. */
async function connected(url: string): Promise<RtmpPublisher> {
  for (;;) {
    try {
      return await openPublisher({ url })
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('ECONNREFUSED')) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

let origin: CssOrigin | undefined
afterEach(async () => origin?.close())

describe('ffmpeg', () => {
  it('pushes to a signed address, and the origin serves the stream as FLV', {
    timeout: patienceMs,
  }, async (ctx) => {
    if (!installed) ctx.skip('ffmpeg is not installed: its push to the origin was not tried')
    const css = await createCssOrigin({ pushKeys: ['secret-key'] })
    origin = css
    const pushing = run(ffmpeg, quietly([...testSignal, css.push('m1')]))
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

  it('receives a push of our publisher with -listen', { timeout: patienceMs }, async (ctx) => {
    if (!installed) ctx.skip('ffmpeg is not installed: a push to its RTMP server was not tried')
    // Take a free port from an origin that is closed again.
    const { close, domain } = await createCssOrigin()
    await close()
    const url = `rtmp://${domain}/live/m1`
    const listening = run(
      ffmpeg,
      quietly(['-listen', '1', '-f', 'flv', '-i', url, '-f', 'null', '-']),
    )
    const publisher = await connected(url)
    await publisher.close()
    expect(await publisher.closed).toBe('the publisher closed the push')
    await listening
  })

  it('shows the reason of a refused push', { timeout: patienceMs }, async (ctx) => {
    if (!installed) ctx.skip('ffmpeg is not installed: its refusal by the origin was not tried')
    const css = await createCssOrigin({ pushKeys: ['secret-key'] })
    origin = css
    const outcome = await run(
      ffmpeg,
      quietly([...testSignal, css.push('m1').replace('/m1?', '/m2?')]),
    )
    expect(outcome.code).not.toBe(0)
    expect(outcome.stderr).toContain('txSecret does not match')
    expect(css.streams()).toEqual([])
  })

  it('decodes every picture and sound of a digital human', {
    timeout: patienceMs,
  }, async (ctx) => {
    if (!installed) {
      ctx.skip('ffmpeg is not installed: the human was not decoded by another program')
    }
    const css = await createCssOrigin()
    origin = css
    const media = await createMediaPlane({ publishTo: css })
    const human = await media.open({ sessionId: 'm1', avatar: 'asset-1' })
    human.say('Hello, I am here. '.repeat(10))
    const url = human.playUrl ?? ''
    await until(() => css.streams().length > 0)
    const strict = ['-xerror', '-err_detect', 'explode']
    const decoded = await run(ffmpeg, quietly([...strict, '-t', '2', '-i', url, '-f', 'null', '-']))
    expect(decoded).toMatchObject({ code: 0, stderr: '' })
    expect(await probe(url)).toEqual(
      expect.arrayContaining(['h264', '640', '360', 'aac', 'LC', '32000', '1']),
    )
    await media.close()
  })

  it('plays a human over RTMP, FLV and HLS to the end without warnings', {
    timeout: patienceMs,
  }, async (ctx) => {
    if (!installed) ctx.skip('ffmpeg is not installed: RTMP play and HLS were not tried with it')
    const css = await createCssOrigin({ pushKeys: ['secret-key'], playKeys: ['playkey'] })
    origin = css
    const media = await createMediaPlane({ publishTo: css })
    const human = await media.open({ sessionId: 'm1', avatar: 'asset-1' })
    await until(() => css.streams().length > 0)
    const { flv, hls, rtmp } = css.playUrls('m1')
    // Warnings count too: they report lost packets, wrong counters and wrong times.
    const playing = [rtmp, flv, hls].map((url) =>
      run(ffmpeg, ['-hide_banner', '-loglevel', 'warning', '-i', url, '-f', 'null', '-']),
    )
    expect(await Promise.all([rtmp, flv, hls].map(probe))).toEqual(
      Array.from({ length: 3 }, () => expect.arrayContaining(['h264', '640', 'aac', '32000'])),
    )
    await human.close()
    for (const outcome of await Promise.all(playing)) {
      expect(outcome).toMatchObject({ code: 0, stderr: '' })
    }
    await media.close()
  })

  it('shows the reason of a refused RTMP play', {
    timeout: patienceMs,
  }, async (ctx) => {
    if (!installed) ctx.skip('ffmpeg is not installed: the refusal of RTMP play was not tried')
    const css = await createCssOrigin({ playKeys: ['playkey'] })
    origin = css
    const { rtmp } = css.playUrls('m1')
    const unknown = await run('ffprobe', quietly([rtmp]))
    expect(unknown.stderr).toContain('the stream live/m1 is not live')
    const unsigned = await run('ffprobe', quietly([rtmp.replace(/\?.*/, '')]))
    expect(unsigned.stderr).toContain('txSecret or txTime is missing')
  })

  it('reads B-frames in the right order from HLS', { timeout: patienceMs }, async (ctx) => {
    if (!installed) ctx.skip('ffmpeg is not installed: B-frames were not tried')
    const css = await createCssOrigin()
    origin = css
    const signal = testSignal.map((arg, at) => (testSignal[at - 1] === '-bf' ? '2' : arg))
    const pushing = run(ffmpeg, quietly([...signal, css.push('m1')]))
    await until(() => (css.streams()[0]?.videoTags ?? 0) > 0)
    const { hls } = css.playUrls('m1')
    const entries = ['-select_streams', 'v', '-show_entries', 'packet=pts_time,dts_time,flags']
    const listed = await run('ffprobe', quietly([...entries, '-of', 'csv=p=0', hls]))
    await pushing
    const times = listed.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(',').map(Number))
    expect(times.length).toBeGreaterThan(20)
    expect(times.some(([pts = 0, dts = 0]) => pts > dts)).toBe(true)
    expect(times.filter(([pts = 0, dts = 0]) => pts < dts)).toEqual([])
  })

  it('finds speech and moving lips within 80 ms of each other', {
    timeout: patienceMs,
  }, async (ctx) => {
    if (!installed) ctx.skip('ffmpeg is not installed: lip sync was not measured in decoded media')
    const css = await createCssOrigin()
    origin = css
    const media = await createMediaPlane({ publishTo: css, voice: 'built-in' })
    const human = await media.open({ sessionId: 'm1', avatar: 'asset-1' })
    const response = await fetch(human.playUrl ?? '')
    const flv = response.arrayBuffer()
    const speech = human.say('Ma. <break time="600ms"/> Ma. <break time="600ms"/> Ma.')
    await speech.finished
    await new Promise((resolve) => setTimeout(resolve, 400))
    await media.close()
    const directory = await mkdtemp(join(tmpdir(), 'ivh-lips-'))
    const file = join(directory, 'speech.flv')
    await writeFile(file, Buffer.from(await flv))
    const sound = loudness(await decode(file, ['-vn', '-ac', '1', '-ar', '16000', '-f', 's16le']))
    // The area of the mouth in every pose. Skin is bright, an open mouth is dark.
    const mouth = ['-an', '-vf', 'crop=40:26:300:204,format=gray', '-vsync', '0', '-f', 'rawvideo']
    const picture = darkness(await decode(file, mouth), 40 * 26)
    await rm(directory, { recursive: true })
    const [begins, ends] = edges(sound, 20, 0.02)
    const [opens, closes] = edges(picture, 40, 25)
    ctx.annotate(`sound ${begins}–${ends} ms, mouth ${opens}–${closes} ms`)
    expect(begins).toHaveLength(3)
    expect(opens).toHaveLength(3)
    for (const [index, begin] of begins.entries()) {
      expect(Math.abs((opens[index] ?? 0) - begin)).toBeLessThanOrEqual(80)
      expect(Math.abs((closes[index] ?? 0) - (ends[index] ?? 0))).toBeLessThanOrEqual(80)
    }
  })
})

async function probe(url: string): Promise<string[]> {
  const fields = 'stream=codec_name,profile,width,height,sample_rate,channels'
  const args = ['-show_entries', fields, '-of', 'default=nk=1:nw=1', url]
  return (await run('ffprobe', quietly(args))).stdout.split('\n')
}

async function decode(file: string, args: readonly string[]): Promise<Buffer> {
  const child = spawn(ffmpeg, ['-hide_banner', '-loglevel', 'error', '-i', file, ...args, '-'])
  const pieces: Buffer[] = []
  for await (const piece of child.stdout) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Returns the RMS of every 20 ms of 16 kHz PCM. */
function loudness(pcm: Buffer): number[] {
  return Array.from({ length: Math.floor(pcm.length / 640) }, (_, block) => {
    let sum = 0
    for (let at = 0; at < 640; at += 2) sum += (pcm.readInt16LE(block * 640 + at) / 32_768) ** 2
    return Math.sqrt(sum / 320)
  })
}

/** Counts the pixels of every picture that are as dark as the inside of a mouth. */
function darkness(pictures: Buffer, bytes: number): number[] {
  return Array.from({ length: Math.floor(pictures.length / bytes) }, (_, index) => {
    const picture = pictures.subarray(index * bytes, (index + 1) * bytes)
    return picture.filter((value) => value < 62).length
  })
}

/** Returns the times at which a curve rises above a level and finally falls below it, ignoring gaps of up to 300 ms. */
function edges(curve: readonly number[], stepMs: number, level: number): [number[], number[]] {
  const begins: number[] = []
  const ends: number[] = []
  for (const [index, value] of curve.entries()) {
    if (value <= level) continue
    const at = index * stepMs
    if (at - (ends.at(-1) ?? Number.NEGATIVE_INFINITY) > 300) begins.push(at)
    else ends.pop()
    ends.push(at + stepMs)
  }
  return [begins, ends]
}
