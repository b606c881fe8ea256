import { AacEncoder } from './aac-encoder'

/** Maximum number of idle encoders; each has a thread. */
const maxIdle = 4

/** AAC encoders that wait for their next sound. */
export class EncoderPool {
  readonly #idle: AacEncoder[] = []

  /** Returns an idle encoder, or starts one. */
  async take(): Promise<AacEncoder> {
    return this.#idle.pop() ?? AacEncoder.open()
  }

  /** Takes back an encoder whose sound has ended. */
  give(encoder: AacEncoder): void {
    if (this.#idle.length < maxIdle) this.#idle.push(encoder)
    else void encoder.close()
  }
}
