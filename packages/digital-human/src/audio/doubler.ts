import { joinedSamples } from './joined'
import { lowPass } from './resample'

/** Number of samples on either side of a new sample that decide its value. */
const reach = 8
const weights = Float64Array.from({ length: reach * 2 }, (_, tap) =>
  lowPass(tap - reach + 0.5, 0.95, reach),
)

/**
 * Doubles the rate of a sound that arrives in pieces, and scales it to -1…1. The result is 8 samples of
 * the lower rate late.
 */
export class Doubler {
  #past = new Int16Array(reach * 2)

  push(samples: Int16Array): Float32Array {
    const line = joinedSamples([this.#past, samples])
    this.#past = line.slice(-reach * 2)
    const doubled = new Float32Array(samples.length * 2)
    for (let index = 0; index < samples.length; index++) {
      let between = 0
      for (let tap = 0; tap < weights.length; tap++) {
        between += (line[index + 1 + tap] ?? 0) * (weights[tap] ?? 0)
      }
      doubled[index * 2] = (line[index + reach] ?? 0) / 32_768
      doubled[index * 2 + 1] = between / 32_768
    }
    return doubled
  }
}
