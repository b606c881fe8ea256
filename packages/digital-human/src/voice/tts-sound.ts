import type { TtsSound } from './tts'

const lowestRate = 4000
const highestRate = 192_000

/**
 * Checks the result of a caller's own voice.
 *
 * @throws TypeError when it is not a sound; the message describes the required sound.
 */
export function checkedSound(answer: unknown): TtsSound {
  if (typeof answer !== 'object' || answer === null) throw wrong(String(answer))
  const { sampleRate, samples } = answer as Readonly<Partial<Record<keyof TtsSound, unknown>>>
  if (!(samples instanceof Int16Array)) {
    throw wrong(`samples of the kind ${Object.prototype.toString.call(samples).slice(8, -1)}`)
  }
  if (
    typeof sampleRate !== 'number' ||
    !Number.isInteger(sampleRate) ||
    sampleRate < lowestRate ||
    sampleRate > highestRate
  ) {
    throw wrong(`a sampleRate of ${String(sampleRate)}`)
  }
  return { sampleRate, samples }
}

function wrong(found: string): TypeError {
  return new TypeError(
    `The voice returned ${found}: speak() must return { sampleRate, samples }, a whole number from ` +
      `${lowestRate} to ${highestRate} and an Int16Array of mono sound.`,
  )
}
