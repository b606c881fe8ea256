import type { TtsSound } from './tts'

const LOWEST_RATE = 4000
const HIGHEST_RATE = 192_000

/**
 * What a voice gave, if it is a sound.
 *
 * @throws TypeError that says what a voice is to give.
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
    sampleRate < LOWEST_RATE ||
    sampleRate > HIGHEST_RATE
  ) {
    throw wrong(`a sampleRate of ${String(sampleRate)}`)
  }
  return { sampleRate, samples }
}

function wrong(what: string): TypeError {
  return new TypeError(
    `The voice gave ${what}: speak() must give { sampleRate, samples }, a whole number from ` +
      `${LOWEST_RATE} to ${HIGHEST_RATE} and an Int16Array of mono sound.`,
  )
}
