import type { SoundFrame } from './sound'
import { type AudioSpeech, type SoundSource, SpeechProgress } from './speech'
import type { GrowingSound, SpeechSource } from './speech-thread'

/** The caller's own audio, played as it arrives (DriverType 3). */
export class PlayedAudio extends SpeechProgress implements SoundSource, AudioSpeech {
  readonly #growing: GrowingSound
  /** The first byte of a sample whose second byte is in the next piece. */
  #odd: Uint8Array = new Uint8Array(0)
  #frame = 0
  #over = false
  #ended = false

  constructor(source: SpeechSource, volume: number) {
    super()
    this.#growing = source.open(volume)
    this.#growing.complete.catch((error: unknown) => {
      this.#over = true
      this.fail(error instanceof Error ? error : new Error(String(error)))
    })
  }

  write(pcm: Uint8Array | Int16Array): void {
    if (this.#over || this.#ended) return
    this.#growing.write(pcm instanceof Int16Array ? pcm : this.#samplesOf(pcm))
  }

  end(): void {
    if (this.#over || this.#ended) return
    this.#ended = true
    this.#growing.end()
  }

  next(): SoundFrame | 'silence' | 'over' {
    if (this.#over) return 'over'
    const frame = this.#growing.sound.frame(this.#frame)
    if (frame === 'missing') return 'silence'
    this.start()
    if (frame === 'over') {
      this.#over = true
      this.finish()
      return 'over'
    }
    this.#frame += 1
    return frame
  }

  stop(): void {
    if (!this.#over) this.#growing.cancel()
    this.#over = true
    this.finish()
  }

  #samplesOf(pcm: Uint8Array): Int16Array {
    const bytes = Buffer.concat([this.#odd, pcm])
    const samples = new Int16Array(bytes.length >> 1)
    for (let index = 0; index < samples.length; index++) {
      samples[index] = bytes.readInt16LE(index * 2)
    }
    this.#odd = bytes.subarray(samples.length * 2)
    return samples
  }
}
