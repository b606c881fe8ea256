/** Zero crossings of the filter on either side: enough that speech has no audible images. */
const REACH = 8
/** Sums that are made beside each other, none of which waits for the addition of another. */
const LANES = 4

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
    let first = 0
    let second = 0
    let third = 0
    let fourth = 0
    for (const end = weight + taps; weight < end; weight += LANES, at += LANES) {
      first += (line[at] ?? 0) * (weights[weight] ?? 0)
      second += (line[at + 1] ?? 0) * (weights[weight + 1] ?? 0)
      third += (line[at + 2] ?? 0) * (weights[weight + 2] ?? 0)
      fourth += (line[at + 3] ?? 0) * (weights[weight + 3] ?? 0)
    }
    target[index] = clampSample(first + second + third + fourth)
  }
  return target
}

function conversionOf(from: number, to: number): Conversion {
  const common = greatestCommonDivisor(from, to)
  const [stride, phases] = [from / common, to / common]
  // Going down, what the new rate cannot carry must go first.
  const cutoff = Math.min(1, to / from) * 0.95
  // On both sides whole lanes.
  const reach = Math.ceil((REACH / cutoff / LANES) * 2) * (LANES / 2)
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
