import { registerAacEncoder } from '@mediabunny/aac-encoder'
import { AdtsOutputFormat, AudioSample, AudioSampleSource, NullTarget, Output } from 'mediabunny'
import { Doubler } from './doubler'
import { aacFrameSamples, aacRate, pcmFrameSamples } from './format'

/**
 * Bit rate of the AAC, in bits per second. The encoder is fastest for speech at this rate: see
 * docs/decisions/0005.
 */
const bitsPerSecond = 136_000

registerAacEncoder()

/**
 * Encodes PCM of 16 kHz as AAC-LC of 32 kHz, mono. Packet `i` of a sound holds the frames `i - 1` and
 * `i`, which overlap in every decoder: frame `i` is heard while packet `i + 1` plays.
 *
 * One encoder serves many sounds, one after the other: it runs in a worker thread of its own, which
 * costs about 50 ms and 13 MB.
 */
export class AacEncoder {
  readonly #doubler = new Doubler()
  readonly #source: AudioSampleSource
  readonly #output = new Output({ format: new AdtsOutputFormat(), target: new NullTarget() })
  #packets: Uint8Array[] = []
  #framesIn = 0
  #packetsOut = 0
  #arrived: () => void = () => undefined

  private constructor() {
    this.#source = new AudioSampleSource({
      codec: 'aac',
      bitrate: bitsPerSecond,
      onEncodedPacket: ({ data }) => {
        this.#packets.push(data)
        this.#packetsOut += 1
        this.#arrived()
      },
    })
    this.#output.addAudioTrack(this.#source)
  }

  /** Starts the encoder and its thread. */
  static async open(): Promise<AacEncoder> {
    const encoder = new AacEncoder()
    await encoder.#output.start()
    await encoder.encode(new Int16Array(pcmFrameSamples))
    return encoder
  }

  /**
   * Takes whole frames of 512 samples and returns the packets that they complete. The encoder looks one
   * frame ahead, so it gives the packet of a frame together with the next frame.
   */
  async encode(samples: Int16Array): Promise<Uint8Array[]> {
    if (samples.length === 0) return []
    const sample = new AudioSample({
      data: this.#doubler.push(samples),
      format: 'f32',
      numberOfChannels: 1,
      sampleRate: aacRate,
      timestamp: (this.#framesIn * aacFrameSamples) / aacRate,
    })
    this.#framesIn += samples.length / pcmFrameSamples
    await this.#source.add(sample)
    sample.close()
    await this.#packetsComplete()
    const packets = this.#packets
    this.#packets = []
    return packets
  }

  /** Ends the thread. */
  close(): Promise<void> {
    return this.#output.cancel()
  }

  #packetsComplete(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = () => {
        if (this.#packetsOut >= this.#framesIn - 1) resolve()
      }
      this.#arrived()
    })
  }
}

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
