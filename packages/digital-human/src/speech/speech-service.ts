import { EncoderPool } from '../audio/aac-encoder'
import { pcmRate } from '../audio/format'
import { joined, joinedSamples } from '../audio/joined'
import { resample } from '../audio/resample'
import { type SoundBlock, SoundEncoder } from '../audio/sound-encoder'
import { withVolume } from '../audio/volume'
import { namedVoice } from '../voice/named-voice'
import type { Tts, TtsSound, VoiceName } from '../voice/tts'
import { GrowingSoundEncoder } from './growing-sound-encoder'
import type { SpeechRequest, SpeechResponse } from './thread-message'
import { TurnQueue } from './turn-queue'

type Send = (response: SpeechResponse, transfer: ArrayBuffer[]) => void

/** Peak sample of a voice at volume 0: -10 dB, which leaves room for a volume of +10 dB. */
const normalPeak = 0.3 * 32_768

interface VoiceSound extends TtsSound {
  /** Change of the volume in decibels. */
  readonly volume: number
}

/** Speaks and encodes for every human of a plane, inside the speech thread. */
export class SpeechService {
  readonly #send: Send
  readonly #voices = new Map<VoiceName, Promise<Tts>>()
  readonly #growing = new Map<number, GrowingSoundEncoder>()
  readonly #running = new Map<number, AbortController>()
  readonly #queue = new TurnQueue()
  readonly #encoders = new EncoderPool()

  constructor(send: Send) {
    this.#send = send
  }

  receive(request: SpeechRequest): void {
    const { id } = request
    this.#work(request).catch((error: unknown) => {
      this.#growing.delete(id)
      const message = error instanceof Error ? error.message : String(error)
      this.#send({ type: 'failed', id, message }, [])
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
        const block = await this.#growingSound(id).write(withVolume(samples, volume))
        if (block) this.#respond(id, [block], false)
        return
      }
      case 'end': {
        const { id } = request
        const sound = this.#growingSound(id)
        this.#growing.delete(id)
        const block = await sound.end()
        if (block) this.#respond(id, [block], true)
        return
      }
      case 'cancel':
        this.#running.get(request.id)?.abort()
        this.#growing.get(request.id)?.cancel()
        this.#growing.delete(request.id)
    }
  }

  /** Speaks once in each language: a voice loads a language with its first text. */
  async #prepare(name: VoiceName | undefined): Promise<void> {
    const { signal } = new AbortController()
    const ready = this.#queue.run(
      async () => {
        const voice = name && (await this.#voice(name))
        for (const text of ['Good morning.', '啊']) {
          const options = { speed: 100, timbre: undefined, language: undefined, signal }
          const sound = await voice?.speak(text, options)
          if (sound) await this.#encoded({ ...sound, volume: 0 })
        }
      },
      { urgent: true },
    )
    // Ignore a failure: the first sentence fails in the same way and reports the reason.
    await ready.catch(() => undefined)
  }

  #voice(name: VoiceName): Promise<Tts> {
    const known = this.#voices.get(name)
    if (known !== undefined) return known
    const voice = namedVoice(name)
    this.#voices.set(name, voice)
    // Forget a voice that did not load: it may be installed before the next sentence.
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
        if (signal.aborted) return
        const blocks = await this.#encoded(sound)
        if (!signal.aborted) this.#respond(id, blocks, true)
      }, request)
      .finally(() => this.#running.delete(id))
  }

  #growingSound(id: number): GrowingSoundEncoder {
    const sound = this.#growing.get(id) ?? new GrowingSoundEncoder(this.#encoders)
    this.#growing.set(id, sound)
    return sound
  }

  async #encoded({ sampleRate, samples, volume }: VoiceSound): Promise<SoundBlock[]> {
    const pcm = withVolume(resample(samples, sampleRate, pcmRate), volume)
    const encoder = await this.#encoders.take()
    const sound = new SoundEncoder(encoder)
    const blocks = [await sound.write(pcm), await sound.end()]
    this.#encoders.give(encoder)
    return blocks
  }

  /** Joins the blocks of a sound into one message whose arrays change threads without a copy. */
  #respond(id: number, blocks: readonly SoundBlock[], complete: boolean): void {
    const list = blocks.flatMap((block) => block.packets)
    const packetLengths = list.map(({ length }) => length)
    const bytes = (length: number) => new Uint8Array(length)
    const packets = joined(list, bytes)
    const samples = joinedSamples(blocks.map((block) => block.samples))
    const mouths = joined(
      blocks.map((block) => block.mouths),
      bytes,
    )
    this.#send({ type: 'sound', id, packets, packetLengths, samples, mouths, complete }, [
      packets.buffer,
      samples.buffer,
      mouths.buffer,
    ])
  }
}

/**
 * Returns the decibels that bring a voice to the common loudness, so that volume 0 sounds the same for every
 * voice.
 */
function missingDecibels(samples: Int16Array): number {
  const sizes = new Float64Array(Math.ceil(samples.length / 16))
  for (let index = 0; index < sizes.length; index++) {
    sizes[index] = Math.abs(samples[index * 16] ?? 0)
  }
  // Use a high percentile instead of the peak, which a single click would decide.
  const high = sizes.sort()[Math.floor(sizes.length * 0.97)] ?? 0
  return high === 0 ? 0 : 20 * Math.log10(normalPeak / high)
}
