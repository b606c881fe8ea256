import { type CssOrigin, type CssOriginOptions, createCssOrigin } from '@ivh-kit/css-origin'
import { FlvReader, type FlvTag, isAudioSequenceHeader, videoTraits } from '@ivh-kit/css-origin/flv'
import { PushError } from '@ivh-kit/css-origin/publisher'
import { fakeBankData } from '@ivh-kit/digital-human/testing'
import { createFakeClock, RecordingLogger } from '@ivh-kit/kernel/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { createMediaPlane, type MediaPlane, type MediaPlaneOptions } from './media-plane'
import { MediaPlaneError } from './media-plane-error'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function originWith(options: CssOriginOptions = {}): Promise<CssOrigin> {
  const origin = await createCssOrigin({ pushKeys: ['secret-key'], ...options })
  cleanups.push(() => origin.close())
  return origin
}

async function planeWith(options: MediaPlaneOptions = {}): Promise<MediaPlane> {
  const media = await createMediaPlane({ buildBank: async () => fakeBankData(), ...options })
  cleanups.push(() => media.close())
  return media
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn()
}

/** Watches a stream over HTTP-FLV and collects its tags. */
async function watch(url: string) {
  const response = await fetch(url)
  expect(response.status).toBe(200)
  const reader = new FlvReader()
  const tags: FlvTag[] = []
  const ended = (async () => {
    for await (const bytes of response.body ?? []) tags.push(...reader.push(bytes))
  })()
  return { tags, ended, reader }
}

describe('media plane and origin', () => {
  it('sends a human with real pictures from a signed address to a viewer', {
    timeout: 60_000,
  }, async () => {
    const origin = await originWith({ playKeys: ['playkey'] })
    const { clock, timers } = createFakeClock()
    const media = await createMediaPlane({ publishTo: origin, clock, voice: 'built-in' })
    cleanups.push(() => media.close())
    const human = await media.open({ sessionId: 'm1', avatar: 'asset-1' })
    expect(human.playUrl).toMatch(/^http:.*\/live\/m1\.flv\?txSecret=/)
    await until(() => origin.streams()[0]?.videoTags === 1)
    const viewer = await watch(human.playUrl ?? '')
    let finished = false
    const speech = human.say('Good morning, and welcome.')
    void speech.finished.then(() => {
      finished = true
    })
    let frames = 0
    while (!finished || frames < 100) {
      timers.tick(40)
      frames += 1
      await until(() => origin.streams()[0]?.videoTags === frames + 1)
    }
    await human.close()
    await viewer.ended

    const { tags } = viewer
    expect(viewer.reader.contains).toEqual({ audio: true, video: true })
    expect(tags.slice(0, 3).map(({ timestamp, type }) => [type, timestamp])).toEqual([
      [18, 0],
      [9, 0],
      [8, 0],
    ])
    expect(videoTraits(tags[1]?.payload ?? Buffer.of()).sequenceHeader).toBe(true)
    expect(isAudioSequenceHeader(tags[2]?.payload ?? Buffer.of())).toBe(true)
    const pictures = tags.slice(3).filter(({ type }) => type === 9)
    expect(pictures).toHaveLength(frames + 1)
    expect(pictures.map(({ timestamp }) => timestamp)).toEqual(pictures.map((_, i) => i * 40))
    expect(pictures.every(({ payload }) => videoTraits(payload).keyFrame)).toBe(true)
    const shown = pictures.map(({ payload }) => Buffer.from(payload).toString('base64'))
    expect(new Set(shown).size).toBeGreaterThan(25)
    for (const [index, picture] of shown.entries()) expect(picture).not.toBe(shown[index - 1])
    const sounds = tags.slice(3).filter(({ type }) => type === 8)
    expect(sounds.map(({ timestamp }) => timestamp)).toEqual(sounds.map((_, index) => index * 32))
    expect(sounds.at(-1)?.timestamp).toBeGreaterThanOrEqual(frames * 40)
    // A frame of silence is small; the frames of 1.5 seconds of speech are larger.
    expect(sounds.filter(({ payload }) => payload.length > 60).length).toBeGreaterThan(25)
    expect(await human.ended).toEqual({ reason: 'the human was closed' })
    expect(timers.countTimers()).toBe(0)
    expect(origin.streams()).toEqual([])
  })

  it('rejects a wrong signature with the code of the server and without the secret', async () => {
    const logger = new RecordingLogger()
    const origin = await originWith({ logger })
    const media = await planeWith({ logger })
    const pushUrl = `rtmp://${origin.domain}/live/m1?txSecret=${'ab'.repeat(16)}&txTime=7FFFFFFF`
    const error = await media
      .open({ sessionId: 'm1', avatar: 'a', pushUrl })
      .catch((e: unknown) => e)
    expect(PushError.is(error)).toBe(true)
    expect(error).toMatchObject({
      code: 'PUSH_REFUSED',
      netStreamCode: 'NetStream.Publish.BadName',
      host: origin.domain,
    })
    expect(String(error)).toContain('txSecret does not match')
    expect(String(error)).not.toContain('abab')
    expect(logger.text).not.toContain('abab')
  })

  it('has no play address with a push address of the caller', async () => {
    const origin = await originWith()
    const media = await planeWith()
    const human = await media.open({ sessionId: 'x', avatar: 'a', pushUrl: origin.push('m9') })
    expect(human.playUrl).toBeUndefined()
    expect(origin.streams().map(({ name }) => name)).toEqual(['m9'])
  })

  it('rejects without a push address and advises the caller', async () => {
    const media = await planeWith()
    const error = await media.open({ sessionId: 'x', avatar: 'a' }).catch((e: unknown) => e)
    expect(MediaPlaneError.is(error)).toBe(true)
    expect(error).toMatchObject({ code: 'NO_PUSH_URL' })
  })

  it('shares clock and pictures between humans, which end separately', async () => {
    const origin = await originWith()
    const { clock, timers } = createFakeClock()
    let builds = 0
    const media = await planeWith({
      clock,
      publishTo: origin,
      buildBank: async () => {
        builds += 1
        return fakeBankData()
      },
    })
    const humans = await Promise.all(
      ['m1', 'm2', 'm3'].map((sessionId) => media.open({ sessionId, avatar: 'same' })),
    )
    expect(builds).toBe(1)
    expect(timers.countTimers()).toBe(1)
    await humans[0]?.close()
    await until(() => origin.streams().length === 2)
    timers.tick(40)
    await until(() => origin.streams().every(({ videoTags }) => videoTags === 2))
  })

  it('settles `ended` when the connection is lost', async () => {
    const origin = await originWith()
    const media = await planeWith({ publishTo: origin })
    const human = await media.open({ sessionId: 'm1', avatar: 'a' })
    await origin.close()
    expect((await human.ended).reason).toMatch(/push server closed|connection broke/)
    await human.close()
  })

  it('finishes speech and audio at once when the human is off the air', async () => {
    const origin = await originWith()
    const media = await planeWith({ publishTo: origin, voice: 'built-in' })
    const lost = await media.open({ sessionId: 'm1', avatar: 'a' })
    await origin.close()
    await lost.ended
    await lost.say('Is anybody there?').finished
    await lost.play().finished
    await media.close()
    await lost.say('Is anybody there?').finished
    await lost.play().finished
  })

  it('ends only the human of a sink that throws, and logs the reason', {
    timeout: 60_000,
  }, async () => {
    const origin = await originWith()
    const { clock, timers } = createFakeClock()
    const logger = new RecordingLogger()
    const media = await planeWith({
      publishTo: origin,
      clock,
      logger,
      voice: 'built-in',
      pcmSink: {
        offerPcm: () => {
          throw new Error('disk full')
        },
      },
    })
    const [talker, other] = await Promise.all(
      ['m1', 'm2'].map((sessionId) => media.open({ sessionId, avatar: 'a' })),
    )
    const audio = talker?.play()
    audio?.write(new Int16Array(16_000))
    let reason: string | undefined
    void talker?.ended.then((ended) => {
      reason = ended.reason
    })
    while (reason === undefined) {
      timers.tick(40)
      await turn()
    }
    expect(reason).toBe('pcmSink threw: disk full')
    expect(logger.lines.filter((line) => line.startsWith('error'))).toHaveLength(1)
    await audio?.finished
    const before = origin.streams().find(({ name }) => name === 'm2')?.videoTags ?? 0
    timers.tick(40)
    await until(() => (origin.streams()[0]?.videoTags ?? 0) > before)
    await other?.close()
  })

  it('ends all humans on close and rejects later opens', async () => {
    const origin = await originWith()
    const media = await planeWith({ publishTo: origin })
    const human = await media.open({ sessionId: 'm1', avatar: 'a' })
    await media.close()
    await human.ended
    await until(() => origin.streams().length === 0)
    const error = await media.open({ sessionId: 'm2', avatar: 'a' }).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'MEDIA_PLANE_CLOSED' })
    await media.close()
  })

  it('aborts an opening human on close', async () => {
    let stopped = false
    const media = await planeWith({
      buildBank: (_avatar, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            stopped = true
            reject(signal.reason)
          })
        }),
      publishTo: await originWith(),
    })
    const opening = media.open({ sessionId: 'm1', avatar: 'a' }).catch((e: unknown) => e)
    await turn()
    await media.close()
    expect(await opening).toMatchObject({ code: 'MEDIA_PLANE_CLOSED' })
    expect(stopped).toBe(true)
  })

  it('aborts open while the pictures are made', async () => {
    const media = await planeWith({
      buildBank: () => new Promise(() => undefined),
      publishTo: await originWith(),
    })
    const controller = new AbortController()
    const opening = media.open({ sessionId: 'm1', avatar: 'a' }, controller.signal)
    controller.abort(new Error('the caller left'))
    await expect(opening).rejects.toThrow('the caller left')
  })

  it('rejects when the pictures cannot be made', async () => {
    const media = await planeWith({
      buildBank: () => Promise.reject(new Error('wasm is switched off')),
      publishTo: await originWith(),
    })
    await expect(media.open({ sessionId: 'm1', avatar: 'a' })).rejects.toMatchObject({
      code: 'BANK_FAILED',
      cause: new Error('wasm is switched off'),
    })
  })
})

describe('a picture that changes on the air', () => {
  it('appears in the same stream, keeps the latest one, and returns warnings', async () => {
    const origin = await originWith()
    const { clock, timers } = createFakeClock()
    const builds: (() => void)[] = []
    const asked: unknown[] = []
    const media = await planeWith({
      publishTo: origin,
      clock,
      buildBank: async ({ alpha, anchor, background, orientation }) => {
        asked.push({ alpha, anchor, background, orientation })
        if (background) await new Promise<void>((resolve) => builds.push(resolve))
        const data = fakeBankData()
        if (!background) return { ...data, warnings: ['no sky'] }
        const pictures = data.pictures.map((byte) => byte ^ (background === '#222222' ? 128 : 64))
        return { ...data, pictures, warnings: [background] }
      },
    })
    const human = await media.open({ sessionId: 'm1', avatar: 'a', picture: { alpha: 'padded' } })
    expect(human.warnings).toEqual(['no sky'])
    await until(() => origin.streams()[0]?.videoTags === 1)
    const viewer = await watch(human.playUrl ?? '')
    const first = human.show({ background: '#111111', orientation: 'portrait' })
    const second = human.show({ background: '#222222', anchor: { scale: 2 } })
    await until(() => builds.length === 1)
    builds[0]?.()
    expect(await first).toEqual(['#111111'])
    await until(() => builds.length === 2)
    builds[1]?.()
    expect(await second).toEqual(['#222222'])
    const before = viewer.tags.length
    timers.tick(40)
    await until(() => viewer.tags.slice(before).some(({ type }) => type === 9))
    const shown = viewer.tags.slice(before).find(({ type }) => type === 9)
    expect((shown?.payload[5] ?? 0) & 192).toBe(128)
    expect(asked.slice(1)).toEqual([
      { alpha: 'padded', anchor: undefined, background: '#111111', orientation: 'landscape' },
      { alpha: 'padded', anchor: { scale: 2 }, background: '#222222', orientation: 'landscape' },
    ])
    await human.close()
    await viewer.ended
  })
})

it.each([
  [{ publishto: {} }, 'unknown-option', 'Did you mean publishTo?'],
  [{ publishTo: { push: () => '' } }, 'invalid-option', 'an object with push and play'],
  [{ voice: 'espeek' }, 'invalid-option', "voice must be 'auto' or 'espeak' or"],
  [{ voice: {} }, 'invalid-option', 'voice must be an object with speak'],
  [{ maxBanks: 0 }, 'invalid-option', 'maxBanks is 0'],
])('rejects the wrong option %j', async (options, code, message) => {
  await expect(createMediaPlane(options as unknown as MediaPlaneOptions)).rejects.toMatchObject({
    name: 'IvhConfigError',
    code,
    message: expect.stringContaining(message),
  })
})
