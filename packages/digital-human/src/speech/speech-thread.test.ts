import { afterEach, describe, expect, it } from 'vitest'
import type { Tts } from '../voice/tts'
import type { Sound, SoundFrame } from './sound'
import { SpeechThread } from './speech-thread'

const { signal } = new AbortController()
const patience = { timeout: 60_000 }

let thread: SpeechThread | undefined
afterEach(() => thread?.close())

function framesOf(sound: Sound): SoundFrame[] {
  const frames: SoundFrame[] = []
  for (let index = 0; ; index++) {
    const frame = sound.frame(index)
    if (typeof frame === 'string') return frames
    frames.push(frame)
  }
}

const samplesOf = (sound: Sound): number[] =>
  framesOf(sound).flatMap(({ heard }) => [...(heard?.samples ?? [])])

const loudness = (sound: Sound): number => {
  const samples = samplesOf(sound)
  return Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length)
}

/** Half a second of 300 Hz, at a rate that must be converted. */
const humming: Tts = {
  speak: async () => ({
    sampleRate: 24_000,
    samples: Int16Array.from({ length: 12_000 }, (_, n) => 6000 * Math.sin((n * Math.PI) / 40)),
  }),
}

describe('the speech thread', patience, () => {
  it('returns 512 PCM samples and two mouth shapes for each heard packet', async () => {
    thread = new SpeechThread('built-in')
    const sound = await thread.say({ text: 'Good morning.', settings: {}, urgent: true }, signal)
    const frames = framesOf(sound)
    expect(frames.length).toBeGreaterThan(20)
    // A decoder plays the last frame with one more packet.
    expect(frames.filter(({ heard }) => heard)).toHaveLength(frames.length - 1)
    for (const { heard } of frames) {
      expect(heard?.samples.length ?? 512).toBe(512)
      expect(heard?.mouths.length ?? 2).toBe(2)
    }
    const mouths = new Set(frames.flatMap(({ heard }) => [...(heard?.mouths ?? [])]))
    expect(mouths.size).toBeGreaterThanOrEqual(4)
  })

  it('is louder by 10 dB with Volume 10 and softer by 10 with -10', async () => {
    thread = new SpeechThread('built-in')
    const [soft, usual, loud] = await Promise.all(
      [-10, 0, 10].map(async (volume) => loudness(await speak(thread, 'Welcome.', { volume }))),
    )
    expect(20 * Math.log10((usual ?? 0) / (soft ?? 1))).toBeCloseTo(10, 0)
    expect(20 * Math.log10((loud ?? 0) / (usual ?? 1))).toBeGreaterThan(8)
  })

  it("encodes the sound of a caller's own voice", async () => {
    thread = new SpeechThread(humming)
    const samples = samplesOf(
      await thread.say({ text: 'anything', settings: {}, urgent: true }, signal),
    )
    expect(samples.length / 16_000).toBeCloseTo(0.5, 1)
    const crossings = samples.filter((one, n) => n > 0 && one < 0 !== (samples[n - 1] ?? 0) < 0)
    expect(Math.abs(crossings.length / 2 - 150)).toBeLessThan(4)
  })

  it('plays every sample of PCM that arrives in pieces', async () => {
    thread = new SpeechThread('built-in')
    const growing = thread.open(0)
    const pcm = Int16Array.from({ length: 16_000 }, (_, n) => 8000 * Math.sin(n / 5))
    for (let at = 0; at < pcm.length; at += 700) growing.write(pcm.subarray(at, at + 700))
    growing.end()
    await growing.complete
    expect(samplesOf(growing.sound).slice(0, pcm.length)).toEqual([...pcm])
  })

  it('rejects an aborted sentence and speaks the next one', async () => {
    thread = new SpeechThread('built-in')
    const controller = new AbortController()
    const wanted = thread.say({ text: 'First. ', settings: {}, urgent: true }, signal)
    const unwanted = thread.say({ text: 'Second.', settings: {}, urgent: true }, controller.signal)
    controller.abort(new Error('interrupted'))
    await expect(unwanted).rejects.toThrow('interrupted')
    expect(framesOf(await wanted).length).toBeGreaterThan(5)
  })

  it('rejects the sentence of a failing voice and speaks the next one', async () => {
    let calls = 0
    thread = new SpeechThread({
      speak: async (...args) => {
        calls += 1
        if (calls === 1) throw new Error('out of breath')
        return humming.speak(...args)
      },
    })
    await expect(thread.say({ text: 'a', settings: {}, urgent: true }, signal)).rejects.toThrow(
      'out of breath',
    )
    expect(
      framesOf(await thread.say({ text: 'b', settings: {}, urgent: true }, signal)).length,
    ).toBeGreaterThan(5)
  })

  it.each([
    ['samples of the kind Float32Array', { sampleRate: 16_000, samples: new Float32Array(9) }],
    ['samples of the kind Undefined', { sampleRate: 16_000 }],
    ['a sampleRate of NaN', { sampleRate: Number.NaN, samples: new Int16Array(9) }],
    ['a sampleRate of 1', { sampleRate: 1, samples: new Int16Array(9) }],
    ['a sampleRate of 22050.5', { sampleRate: 22_050.5, samples: new Int16Array(9) }],
    ['undefined', undefined],
  ])('refuses a voice that returns %s', async (what, answer) => {
    thread = new SpeechThread({ speak: async () => answer as never })
    await expect(thread.say({ text: 'a', settings: {}, urgent: true }, signal)).rejects.toThrow(
      `The voice returned ${what}: speak() must return { sampleRate, samples }`,
    )
  })

  it('rejects requests after close', async () => {
    thread = new SpeechThread('built-in')
    await thread.close()
    await expect(
      thread.say({ text: 'Hello.', settings: {}, urgent: true }, signal),
    ).rejects.toThrow('closed')
    await expect(thread.open(0).complete).rejects.toThrow('closed')
  })

  it('rejects pending requests on close', async () => {
    thread = new SpeechThread('built-in')
    const refused = expect(
      thread.say({ text: 'Hello.', settings: {}, urgent: true }, signal),
    ).rejects.toThrow('closed')
    await thread.close()
    await refused
  })
})

async function speak(from: SpeechThread | undefined, text: string, settings: { volume: number }) {
  if (!from) throw new Error('no thread')
  return from.say({ text, settings, urgent: true }, signal)
}
