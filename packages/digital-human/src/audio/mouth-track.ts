import { type Mouth, mouthForms } from '../face/expression'
import { mouthSamples, pcmRate } from './format'

/** Loudness below which a sound counts as silence, even when the rest of the sound is soft. */
const quietest = 0.006
/** Share of the recent maximum below which the loudness counts as a gap between words. */
const gap = 0.07
/** Decay of the recent maximum per mouth: a half-life of about a second. */
const fade = 0.5 ** (1 / 62)

/** Measures the power in a band of frequencies with a two-pole filter. */
class Band {
  #x1 = 0
  #x2 = 0
  #y1 = 0
  #y2 = 0
  readonly #gain: number
  readonly #c1: number
  readonly #c2: number

  constructor(low: number, high: number) {
    const centre = (2 * Math.PI * Math.sqrt(low * high)) / pcmRate
    const alpha = (Math.sin(centre) * (high - low)) / (2 * Math.sqrt(low * high))
    this.#gain = alpha / (1 + alpha)
    this.#c1 = (-2 * Math.cos(centre)) / (1 + alpha)
    this.#c2 = (1 - alpha) / (1 + alpha)
  }

  /** Returns the summed power of the next values. */
  powerOf(values: Float64Array, length: number): number {
    const [gain, c1, c2] = [this.#gain, this.#c1, this.#c2]
    let [x1, x2, y1, y2, power] = [this.#x1, this.#x2, this.#y1, this.#y2, 0]
    for (let index = 0; index < length; index++) {
      const input = values[index] ?? 0
      const output = gain * (input - x2) - c1 * y1 - c2 * y2
      x2 = x1
      x1 = input
      y2 = y1
      y1 = output
      power += output * output
    }
    this.#x1 = x1
    this.#x2 = x2
    this.#y1 = y1
    this.#y2 = y2
    return power
  }
}

/**
 * Finds the mouth shape for a sound from the sound alone, so that it works for every voice and for the
 * caller's own audio: loudness opens the mouth, a dark sound rounds it, a bright sound spreads it.
 */
export class MouthTracker {
  readonly #jaw = new Band(250, 520)
  readonly #open = new Band(560, 1150)
  readonly #front = new Band(1700, 3000)
  readonly #hiss = new Band(3600, 6800)
  readonly #values = new Float64Array(mouthSamples)
  #loudest = 0.03

  /** Returns one mouth, an index into `mouthForms`, for every {@link mouthSamples} samples. */
  push(samples: Int16Array): Uint8Array<ArrayBuffer> {
    const track = new Uint8Array(Math.floor(samples.length / mouthSamples))
    for (let index = 0; index < track.length; index++) {
      const begin = index * mouthSamples
      track[index] = mouthForms.indexOf(
        this.#mouthOf(samples.subarray(begin, begin + mouthSamples)),
      )
    }
    return track
  }

  #mouthOf(samples: Int16Array): Mouth {
    const { length } = samples
    const values = this.#values
    let sum = 0
    for (let index = 0; index < length; index++) {
      const value = (samples[index] ?? 0) / 32_768
      values[index] = value
      sum += value * value
    }
    const loudness = Math.sqrt(sum / length)
    this.#loudest = Math.max(this.#loudest * fade, loudness, 0.02)
    const jaw = this.#jaw.powerOf(values, length)
    const open = this.#open.powerOf(values, length)
    const front = this.#front.powerOf(values, length)
    const hiss = this.#hiss.powerOf(values, length)
    if (loudness < Math.max(quietest, gap * this.#loudest)) return 'smile'
    const share = loudness / this.#loudest
    if (hiss > jaw + open + front) return 'spread'
    const bright = front / (open + 1e-9)
    if (share > 0.2 && bright > 0.6 && jaw > open * 0.8) return 'spread'
    if (share > 0.2 && front < (jaw + open) * 0.06) return 'round'
    // The jaw opens with the share of the first formant.
    const jawDrop = share * (0.55 + 0.6 * (open / (open + jaw + 1e-9)))
    if (jawDrop < 0.2) return 'small'
    return jawDrop < 0.5 ? 'middle' : 'wide'
  }
}
