/** Zero crossings of the filter on either side: enough that speech has no audible images. */
const REACH = 12

/** Converts a whole sound from one rate to another (windowed sinc). */
export function resample(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples
  // Going down, what the new rate cannot carry must go first.
  const cutoff = Math.min(1, to / from) * 0.95
  const reach = Math.ceil(REACH / cutoff)
  const target = new Int16Array(Math.round((samples.length * to) / from))
  for (let index = 0; index < target.length; index++) {
    const at = (index * from) / to
    const first = Math.max(0, Math.ceil(at - reach))
    const last = Math.min(samples.length - 1, Math.floor(at + reach))
    let sum = 0
    for (let source = first; source <= last; source++) {
      sum += (samples[source] ?? 0) * kernel(at - source, cutoff, reach)
    }
    target[index] = clampSample(sum)
  }
  return target
}

function kernel(distance: number, cutoff: number, reach: number): number {
  const x = Math.PI * distance * cutoff
  const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x
  return cutoff * sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach))
}

export function clampSample(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)))
}

/** Taps on either side of the sample that the doubler puts in between. */
const HALF_TAPS = 8
const BETWEEN = Float32Array.from({ length: HALF_TAPS * 2 }, (_, tap) =>
  kernel(tap - HALF_TAPS + 0.5, 1, HALF_TAPS),
)

/**
 * Doubles the rate of a sound that comes in pieces, which fit together without a seam. The sound
 * comes out half a millisecond late.
 */
export class Doubler {
  #history = new Float32Array(HALF_TAPS * 2 - 1)

  /** Twice as many samples, between -1 and 1. */
  push(samples: Int16Array): Float32Array<ArrayBuffer> {
    const { length: past } = this.#history
    const line = new Float32Array(past + samples.length)
    line.set(this.#history)
    for (const [index, sample] of samples.entries()) line[past + index] = sample / 32_768
    const target = new Float32Array(samples.length * 2)
    for (let index = 0; index < samples.length; index++) {
      let sum = 0
      for (let tap = 0; tap < HALF_TAPS * 2; tap++) {
        sum += (line[index + tap] ?? 0) * (BETWEEN[tap] ?? 0)
      }
      target[index * 2] = line[index + HALF_TAPS - 1] ?? 0
      target[index * 2 + 1] = sum
    }
    this.#history = line.slice(samples.length)
    return target
  }
}
