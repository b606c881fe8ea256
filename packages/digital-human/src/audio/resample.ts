/**
 * Number of zero crossings of the filter on either side: enough that speech has no audible image frequencies.
 */
const sincReach = 8

/** Converts a whole sound from one rate to another (windowed sinc). */
export function resample(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples
  // When the rate goes down, the filter removes the frequencies that the new rate cannot carry.
  const cutoff = Math.min(1, to / from) * 0.95
  const reach = Math.ceil(sincReach / cutoff)
  const phases = to / greatestCommonDivisor(from, to)
  const weights = Float64Array.from({ length: phases * reach * 2 }, (_, index) => {
    const offset = (Math.floor(index / (reach * 2)) * from) / to
    return lowPass((offset % 1) - ((index % (reach * 2)) - reach + 1), cutoff, reach)
  })
  // Add zeros on both sides, so that the inner loop needs no check of the ends.
  const line = new Float64Array(samples.length + reach * 4)
  line.set(samples, reach * 2)
  const target = new Int16Array(Math.round((samples.length * to) / from))
  for (let index = 0; index < target.length; index++) {
    const begin = Math.floor((index * from) / to) + reach + 1
    const phase = (index % phases) * reach * 2
    let sum = 0
    for (let tap = 0; tap < reach * 2; tap++) {
      sum += (line[begin + tap] ?? 0) * (weights[phase + tap] ?? 0)
    }
    target[index] = clampSample(sum)
  }
  return target
}

/** Returns the weight of a sample at this distance from the output position: a Hann-windowed sinc, as a low-pass filter. */
export function lowPass(distance: number, cutoff: number, reach: number): number {
  const x = Math.PI * distance * cutoff
  const sinc = Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x
  return cutoff * sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach))
}

export function clampSample(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)))
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other)
}
