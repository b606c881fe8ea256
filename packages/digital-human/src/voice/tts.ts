/** How to speak a text. */
export interface TtsOptions {
  /** Speed in percent of normal, 50 to 200 (`SpeechParam.Speed`, 1211/62103). */
  readonly speed: number
  /** `SpeechParam.TimbreKey`: each key has a pitch of its own. */
  readonly timbre: string | undefined
  /** A BCP 47 tag such as `zh-CN` or `en-US`; undefined means the language of the text. */
  readonly language: string | undefined
  readonly signal: AbortSignal
}

/** Mono sound from a voice. */
export interface TtsSound {
  /** Samples per second: a whole number from 4,000 to 192,000. The caller converts it. */
  readonly sampleRate: number
  readonly samples: Int16Array
}

/**
 * A voice: turns a sentence into sound. The text is plain, without SSML, and the volume is applied
 * afterwards. A voice runs on the caller's thread, so long computations belong in a worker thread.
 */
export interface Tts {
  speak(text: string, options: TtsOptions): Promise<TtsSound>
}

/**
 * A voice of this package.
 *
 * - `espeak`: the optional peer `@echogarden/espeak-ng-emscripten` (GPL-3.0).
 * - `espeak-program`: the program `espeak-ng` on the PATH.
 * - `built-in`: hums one tone per syllable, without words. It needs nothing installed.
 * - `auto`: `espeak` when it is installed, otherwise `built-in`.
 */
export type VoiceName = 'auto' | 'espeak' | 'espeak-program' | 'built-in'

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
