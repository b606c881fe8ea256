/** Zero crossings of the filter on either side: enough that speech has no audible images. */
const REACH = 12

/** The filters of one conversion: output samples fall between the input's in a few different ways. */
interface Conversion {
  /** Input samples for every {@link phases} output samples. */
  readonly stride: number
  readonly phases: number
  readonly taps: number
  /** `taps` weights for each phase. */
  readonly weights: Float64Array
}

/** Voices keep to one rate. */
let latest: { readonly key: string; readonly conversion: Conversion } | undefined

/** Converts a whole sound from one rate to another (windowed sinc). */
export function resample(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples
  const key = `${from} ${to}`
  if (latest?.key !== key) latest = { key, conversion: conversionOf(from, to) }
  const { phases, stride, taps, weights } = latest.conversion
  const target = new Int16Array(Math.round((samples.length * to) / from))
  // Silence on both sides and numbers of the filters' own kind: nothing to be asked for each tap.
  const line = new Float64Array(samples.length + taps * 2)
  line.set(samples, taps)
  for (let index = 0; index < target.length; index++) {
    const phase = index % phases
    let weight = phase * taps
    let at = Math.floor((index * stride) / phases) + taps / 2 + 1
    let sum = 0
    for (const end = weight + taps; weight < end; weight++, at++) {
      sum += (line[at] ?? 0) * (weights[weight] ?? 0)
    }
    target[index] = clampSample(sum)
  }
  return target
}

function conversionOf(from: number, to: number): Conversion {
  const common = greatestCommonDivisor(from, to)
  const [stride, phases] = [from / common, to / common]
  // Going down, what the new rate cannot carry must go first.
  const cutoff = Math.min(1, to / from) * 0.95
  const reach = Math.ceil(REACH / cutoff)
  const taps = reach * 2
  const weights = Float64Array.from({ length: phases * taps }, (_, index) => {
    const share = ((Math.floor(index / taps) * stride) % phases) / phases
    return kernel(share - ((index % taps) - reach + 1), cutoff, reach)
  })
  return { stride, phases, taps, weights }
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other)
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
    for (let index = 0; index < samples.length; index++) {
      line[past + index] = (samples[index] ?? 0) / 32_768
    }
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
