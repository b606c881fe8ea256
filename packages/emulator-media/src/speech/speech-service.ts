import { PCM_RATE } from '../audio/format'
import { resample } from '../audio/resample'
import { type SoundBlock, SoundEncoder } from '../audio/sound-encoder'
import { withVolume } from '../audio/volume'
import { namedVoice } from './named-voice'
import type { SpeechAnswer, SpeechRequest } from './thread-message'
import type { Tts, TtsSound, VoiceName } from './tts'
import { TurnQueue } from './turn-queue'

type Send = (answer: SpeechAnswer, transfer: ArrayBuffer[]) => void

/** Loudest sample of a voice before its volume is applied: -6 dB, so that +10 dB are heard as such. */
const NORMAL_PEAK = 0.3 * 32_768

interface VoiceSound extends TtsSound {
  /** Decibels by which it is to be louder. */
  readonly volume: number
}

/** Speaks and encodes for all humans of the process. */
export class SpeechService {
  readonly #voices = new Map<VoiceName, Promise<Tts>>()
  readonly #live = new Map<number, SoundEncoder>()
  readonly #running = new Map<number, AbortController>()
  readonly #queue = new TurnQueue()

  constructor(private readonly send: Send) {}

  receive(request: SpeechRequest): void {
    const { id } = request
    this.#work(request).catch((error: unknown) => {
      this.#live.delete(id)
      const message = error instanceof Error ? error.message : String(error)
      this.send({ type: 'failed', id, message }, [])
    })
  }

  async #work(request: SpeechRequest): Promise<void> {
    switch (request.type) {
      case 'prepare':
        return this.#prepare(request.voice)
      case 'say':
        return this.#whole(request, async (signal) => {
          const voice = await this.#voice(request.voice)
          const sound = await voice.speak(request.text, { ...request, signal })
          return { ...sound, volume: request.volume + missingDecibels(sound.samples) }
        })
      case 'encode':
        return this.#whole(request, async () => request)
      case 'write': {
        const { id, samples, volume } = request
        return this.#answer(id, [this.#encoder(id).write(withVolume(samples, volume))], false)
      }
      case 'end':
        return this.#end(request.id)
      case 'cancel':
        this.#running.get(request.id)?.abort()
        this.#live.delete(request.id)
    }
  }

  /** A voice loads a language by speaking it, and code is slow until it has run for a while. */
  async #prepare(name: VoiceName | undefined): Promise<void> {
    const { signal } = new AbortController()
    const ready = this.#queue.run(
      async () => {
        const voice = name && (await this.#voice(name))
        for (const text of ['Good morning.', '啊']) {
          const options = { speed: 100, timbre: undefined, language: undefined, signal }
          const sound = await voice?.speak(text, options)
          if (sound) encoded({ ...sound, volume: 0 })
        }
      },
      { urgent: true },
    )
    // Who says something is told what is wrong.
    await ready.catch(() => undefined)
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
    request: Extract<SpeechRequest, { type: 'say' | 'encode' }>,
    make: (signal: AbortSignal) => Promise<VoiceSound>,
  ): Promise<void> {
    const { id } = request
    const controller = new AbortController()
    this.#running.set(id, controller)
    const { signal } = controller
    return this.#queue
      .run(async () => {
        if (signal.aborted) return
        const sound = await make(signal)
        if (!signal.aborted) this.#answer(id, encoded(sound), true)
      }, request)
      .finally(() => this.#running.delete(id))
  }

  #encoder(id: number): SoundEncoder {
    const encoder = this.#live.get(id) ?? new SoundEncoder()
    this.#live.set(id, encoder)
    return encoder
  }

  #end(id: number): void {
    const block = this.#encoder(id).end()
    this.#live.delete(id)
    this.#answer(id, [block], true)
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

function encoded({ sampleRate, samples, volume }: VoiceSound): SoundBlock[] {
  const encoder = new SoundEncoder()
  const pcm = withVolume(resample(samples, sampleRate, PCM_RATE), volume)
  return [encoder.write(pcm), encoder.end()]
}

/** How many decibels a voice is to be louder, so that 0 dB means the same for each. */
function missingDecibels(samples: Int16Array): number {
  const sizes = new Float64Array(Math.ceil(samples.length / 16))
  for (let index = 0; index < sizes.length; index++)
    sizes[index] = Math.abs(samples[index * 16] ?? 0)
  // A high percentile rather than the peak, which a single click decides.
  const high = sizes.sort()[Math.floor(sizes.length * 0.97)] ?? 0
  return high === 0 ? 0 : 20 * Math.log10(NORMAL_PEAK / high)
}
