import { registerAacEncoder } from '@mediabunny/aac-encoder'
import { AudioSample, AudioSampleSource, Mp4OutputFormat, NullTarget, Output } from 'mediabunny'
import { AAC_BITRATE, AAC_FRAME_SAMPLES, AAC_RATE } from './format'

/**
 * An AAC-LC encoder that never ends. Packet `i` holds the sound of input frames `i - 1` and `i`,
 * which overlap in every decoder: the sound that is put in as frame `i` is heard when packet
 * `i + 1` is played. (The first packet therefore is all priming.)
 */
export class AacEncoder {
  /** Takes every packet with its number. */
  onPacket: (packet: Uint8Array, index: number) => void = () => undefined
  /** The AudioSpecificConfig; known from the first packet on. */
  description: unknown
  readonly #source: AudioSampleSource
  readonly #output: Output
  #frames = 0
  #packets = 0

  constructor() {
    registerAacEncoder()
    this.#source = new AudioSampleSource({
      codec: 'aac',
      bitrate: AAC_BITRATE,
      onEncodedPacket: (packet, meta) => {
        this.description ??= meta?.decoderConfig?.description
        this.onPacket(packet.data, this.#packets++)
      },
    })
    // The library encodes for an output only; in fragments, so that it keeps no index of all packets.
    const format = new Mp4OutputFormat({ fastStart: 'fragmented' })
    this.#output = new Output({ format, target: new NullTarget() })
    this.#output.addAudioTrack(this.#source)
  }

  async start(): Promise<this> {
    await this.#output.start()
    return this
  }

  /** How many frames have been fed. */
  get frames(): number {
    return this.#frames
  }

  /** Takes whole frames of samples between -1 and 1. Packets come out one frame late. */
  async feed(samples: Float32Array<ArrayBuffer>): Promise<void> {
    if (samples.length === 0) return
    const sample = new AudioSample({
      data: samples,
      format: 'f32',
      numberOfChannels: 1,
      sampleRate: AAC_RATE,
      timestamp: (this.#frames * AAC_FRAME_SAMPLES) / AAC_RATE,
    })
    this.#frames += samples.length / AAC_FRAME_SAMPLES
    try {
      await this.#source.add(sample)
    } finally {
      sample.close()
    }
  }

  async close(): Promise<void> {
    this.onPacket = () => undefined
    await this.#output.cancel()
  }
}

/** Kept warm, because a new encoder costs a tenth of a second. */
const MAX_IDLE = 4

/** Encoders for all sounds of a thread: each sound has one to itself from begin to end. */
export class AacEncoderPool {
  readonly #idle: AacEncoder[] = []

  async acquire(): Promise<AacEncoder> {
    return this.#idle.pop() ?? new AacEncoder().start()
  }

  /** Takes an encoder back after at least two frames of silence, which leave no trace of what was before. */
  release(encoder: AacEncoder): void {
    encoder.onPacket = () => undefined
    if (this.#idle.length < MAX_IDLE) this.#idle.push(encoder)
    else void encoder.close()
  }
}
