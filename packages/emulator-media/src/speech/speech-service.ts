import { AacEncoderPool } from '../audio/aac-encoder'
import { PCM_RATE } from '../audio/format'
import { resample } from '../audio/resample'
import { type SoundBlock, SoundEncoder } from '../audio/sound-encoder'
import { withVolume } from '../audio/volume'
import { namedVoice } from './named-voice'
import type { SpeechAnswer, SpeechRequest } from './thread-message'
import type { Tts, TtsSound, VoiceName } from './tts'

type Send = (answer: SpeechAnswer, transfer: ArrayBuffer[]) => void

/** A sound that comes in pieces: its encoder, and what is being done one thing after the other. */
interface LiveSound {
  readonly encoder: Promise<SoundEncoder>
  work: Promise<void>
}

/** Loudest sample of a voice before its volume is applied: -6 dB, so that +10 dB are heard as such. */
const NORMAL_PEAK = 0.3 * 32_768

/** Speaks and encodes for all humans of the process. */
export class SpeechService {
  readonly #pool = new AacEncoderPool()
  readonly #voices = new Map<VoiceName, Promise<Tts>>()
  readonly #live = new Map<number, LiveSound>()
  readonly #running = new Map<number, AbortController>()
  /** Whole sounds are encoded one after the other: together they would all be late. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(private readonly send: Send) {}

  receive(request: SpeechRequest): void {
    const { id } = request
    const work = this.#work(request)
    work?.catch((error: unknown) => {
      this.#live.delete(id)
      const message = error instanceof Error ? error.message : String(error)
      this.send({ type: 'failed', id, message }, [])
    })
  }

  #work(request: SpeechRequest): Promise<unknown> | undefined {
    switch (request.type) {
      case 'prepare':
        return this.#prepare(request.voice)
      case 'say':
        return this.#whole(request.id, request.volume, async (signal) => {
          const voice = await this.#voice(request.voice)
          const sound = await voice.speak(request.text, { ...request, signal })
          return { ...sound, samples: normalised(sound.samples) }
        })
      case 'encode':
        return this.#whole(request.id, request.volume, async () => request)
      case 'write':
        return this.#write(request.id, withVolume(request.samples, request.volume))
      case 'end':
        return this.#end(request.id)
      case 'cancel':
        this.#running.get(request.id)?.abort()
        return this.#live.has(request.id) ? this.#end(request.id) : undefined
    }
  }

  /** A voice loads a language by speaking it, and an encoder takes a tenth of a second to start. */
  async #prepare(name: VoiceName | undefined): Promise<void> {
    const ready = this.#queue.then(async () => {
      this.#pool.release(await this.#pool.acquire())
      const voice = name && (await this.#voice(name))
      const { signal } = new AbortController()
      for (const text of ['a', '啊']) {
        await voice?.speak(text, { speed: 100, timbre: undefined, language: undefined, signal })
      }
    })
    this.#queue = ready.catch(() => undefined)
    // Who says something is told what is wrong.
    await this.#queue
  }

  #voice(name: VoiceName): Promise<Tts> {
    const known = this.#voices.get(name)
    if (known !== undefined) return known
    const voice = namedVoice(name)
    this.#voices.set(name, voice)
    // It may be installed by the next time.
    voice.catch(() => this.#voices.delete(name))
    return voice
  }

  #whole(
    id: number,
    volume: number,
    make: (signal: AbortSignal) => Promise<TtsSound>,
  ): Promise<unknown> {
    const controller = new AbortController()
    this.#running.set(id, controller)
    const done = this.#queue
      .then(async () => {
        if (controller.signal.aborted) return
        const { sampleRate, samples } = await make(controller.signal)
        if (controller.signal.aborted) return
        const blocks: SoundBlock[] = []
        const encoder = await SoundEncoder.open(this.#pool, (block) => blocks.push(block))
        await encoder.write(withVolume(resample(samples, sampleRate, PCM_RATE), volume))
        await encoder.end()
        this.#answer(id, blocks, true)
      })
      .finally(() => this.#running.delete(id))
    this.#queue = done.catch(() => undefined)
    return done
  }

  #write(id: number, samples: Int16Array): Promise<void> {
    const live = this.#live.get(id) ?? this.#open(id)
    live.work = live.work.then(async () => (await live.encoder).write(samples))
    return live.work
  }

  #open(id: number): LiveSound {
    const encoder = SoundEncoder.open(this.#pool, (block) => this.#answer(id, [block], false))
    const live: LiveSound = { encoder, work: Promise.resolve() }
    this.#live.set(id, live)
    return live
  }

  #end(id: number): Promise<void> {
    const live = this.#live.get(id) ?? this.#open(id)
    this.#live.delete(id)
    return live.work.then(async () => {
      await (await live.encoder).end()
      this.#answer(id, [], true)
    })
  }

  #answer(id: number, blocks: readonly SoundBlock[], complete: boolean): void {
    const list = blocks.flatMap((block) => block.packets)
    const packets = new Uint8Array(list.reduce((sum, { length }) => sum + length, 0))
    let end = 0
    for (const packet of list) {
      packets.set(packet, end)
      end += packet.length
    }
    const samples = new Int16Array(blocks.reduce((sum, block) => sum + block.samples.length, 0))
    const mouths = new Uint8Array(blocks.reduce((sum, block) => sum + block.mouths.length, 0))
    let sample = 0
    let mouth = 0
    for (const block of blocks) {
      samples.set(block.samples, sample)
      mouths.set(block.mouths, mouth)
      sample += block.samples.length
      mouth += block.mouths.length
    }
    const packetLengths = list.map(({ length }) => length)
    this.send({ type: 'sound', id, packets, packetLengths, samples, mouths, complete }, [
      packets.buffer,
      samples.buffer,
      mouths.buffer,
    ])
  }
}

/** All voices equally loud, so that 0 dB means the same for each. */
function normalised(samples: Int16Array): Int16Array {
  // A high percentile rather than the peak, which a single click decides.
  const sorted = samples
    .filter((_, index) => index % 16 === 0)
    .map(Math.abs)
    .sort()
  const high = sorted[Math.floor(sorted.length * 0.97)] ?? 0
  if (high === 0) return samples
  return withVolume(samples, 20 * Math.log10(NORMAL_PEAK / high))
}
