/** How a text is to be spoken. */
export interface TtsOptions {
  /** Percent of normal, 50 to 200 (`SpeechParam.Speed`, 1211/62103). */
  readonly speed: number
  /** `SpeechParam.TimbreKey`: a voice makes each key sound a little different. */
  readonly timbre: string | undefined
  /** BCP 47, such as `zh-CN` or `en-US`; undefined lets the text decide. */
  readonly language: string | undefined
  readonly signal: AbortSignal
}

/** Mono sound, as a voice makes it. */
export interface TtsSound {
  /** Samples in a second: a whole number from 4,000 to 192,000, which is converted. */
  readonly sampleRate: number
  readonly samples: Int16Array
}

/**
 * A voice: turns a sentence into sound. The text is plain, its SSML has been dealt with; the volume
 * is applied to what comes back. It runs on the thread that owns it, so one that computes for long
 * should do so in a thread of its own.
 */
export interface Tts {
  speak(text: string, options: TtsOptions): Promise<TtsSound>
}

/** The voices of this package; `auto` is `espeak` where it is installed, and else `built-in`. */
export const VOICE_NAMES = ['auto', 'espeak', 'espeak-program', 'built-in'] as const

/**
 * - `espeak`: the optional peer `@echogarden/espeak-ng-emscripten` (GPL-3.0).
 * - `espeak-program`: the program `espeak-ng` on the PATH.
 * - `built-in`: a formant synthesizer that needs nothing; English and Chinese in rhythm and
 *   melody, hardly in words.
 * - `auto`: `espeak` where it is installed, and else `built-in`.
 */
export type VoiceName = (typeof VOICE_NAMES)[number]
