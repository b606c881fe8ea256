import { clampSample } from './resample'

/** Above this a sample is bent instead of cut, so that a loud voice does not crackle. */
const KNEE = 24_000
const ROOM = 32_767 - KNEE

/** Makes a sound louder or softer by `decibels` (`SpeechParam.Volume`, -10 to 10; 1211/62103). */
export function withVolume(samples: Int16Array, decibels: number): Int16Array {
  const gain = 10 ** (decibels / 20)
  return samples.map((sample) => {
    const value = sample * gain
    const size = Math.abs(value)
    if (size <= KNEE) return clampSample(value)
    return clampSample(Math.sign(value) * (KNEE + ROOM * Math.tanh((size - KNEE) / ROOM)))
  })
}
