import { clampSample } from './resample'

/**
 * Sample value above which samples are compressed instead of clipped, so that a loud voice does not crackle.
 */
const knee = 24_000
const room = 32_767 - knee

/** Makes a sound louder or softer by `decibels` (`SpeechParam.Volume`, -10 to 10; 1211/62103). */
export function withVolume(samples: Int16Array, decibels: number): Int16Array {
  if (decibels === 0) return samples
  const gain = 10 ** (decibels / 20)
  const target = new Int16Array(samples.length)
  for (let index = 0; index < samples.length; index++) {
    const value = (samples[index] ?? 0) * gain
    const size = Math.abs(value)
    target[index] =
      size <= knee
        ? Math.round(value)
        : clampSample(Math.sign(value) * (knee + room * Math.tanh((size - knee) / room)))
  }
  return target
}
