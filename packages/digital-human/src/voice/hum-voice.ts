import { pitchOf } from './timbre'
import type { Tts } from './tts'

const RATE = 16_000

/** Letters of one syllable, or a mark that stands for a pause. */
const PARTS =
  /[\p{Script=Han}\p{Script=Hangul}\p{N}]|[^aeiouy\P{L}]*[aeiouy]+(?:[^aeiouy\P{L}](?![^aeiouy\P{L}]*[aeiouy]))*|\p{L}{1,3}|[,，、:：;；.。!！?？…]/giu
const COMMA = /[,，、:：;；]/
const SENTENCE_END = /[.。!！?？…]/

const SYLLABLE_MS = 185
const COMMA_MS = 120
const SENTENCE_END_MS = 260

/** Loudness of a vowel near 400, 850 and 2200 Hz: enough for the lips to take different shapes. */
const VOWELS = [
  [0.5, 1, 0.3], // a
  [0.8, 0.5, 0.6], // e
  [1, 0.2, 0.8], // i
  [0.8, 0.8, 0], // o
  [1, 0.4, 0], // u
] as const
const BANDS_HERTZ = [400, 850, 2200] as const

/** The voice that needs nothing installed: hums one tone for each syllable, without words. */
export function humVoice(): Tts {
  return {
    speak: async (text, { speed, timbre }) => ({
      sampleRate: RATE,
      samples: hum(text, 100 / speed, 95 * 2 ** (pitchOf(timbre) * 1.35)),
    }),
  }
}

function hum(text: string, slowness: number, pitchHertz: number): Int16Array {
  const parts: string[] = text.normalize('NFD').match(PARTS) ?? []
  const last = parts.findLastIndex((part) => !COMMA.test(part) && !SENTENCE_END.test(part))
  const sounds = parts.map((part, index) => {
    if (COMMA.test(part)) return new Int16Array(samplesIn(COMMA_MS * slowness))
    if (SENTENCE_END.test(part)) return new Int16Array(samplesIn(SENTENCE_END_MS * slowness))
    // The pitch sinks through a sentence, and rises at the end of a question.
    const sunk = 2 ** ((-3 * index) / parts.length / 12)
    const rise = index === last && /[?？]\s*$/.test(text) ? 2 ** (6 / 12) : 1
    return syllable(part, samplesIn(SYLLABLE_MS * slowness), pitchHertz * sunk, rise)
  })
  const samples = new Int16Array(sounds.reduce((sum, { length }) => sum + length, 0))
  let end = 0
  for (const sound of sounds) {
    samples.set(sound, end)
    end += sound.length
  }
  return samples
}

function syllable(letters: string, length: number, hertz: number, rise: number): Int16Array {
  const vowel = /[aeiou]/i.exec(letters)?.[0].toLowerCase()
  const index = vowel ? 'aeiou'.indexOf(vowel) : (letters.codePointAt(0) ?? 0) % VOWELS.length
  const weights = VOWELS[index] ?? VOWELS[0]
  let phase = 0
  return Int16Array.from({ length }, (_, at) => {
    const through = at / length
    phase += (2 * Math.PI * hertz * rise ** through) / RATE
    const tone = BANDS_HERTZ.reduce(
      (sum, band, n) => sum + (weights[n] ?? 0) * Math.sin(phase * Math.round(band / hertz)),
      0.5 * Math.sin(phase),
    )
    return 7000 * tone * Math.sin(Math.PI * through) ** 0.7
  })
}

function samplesIn(milliseconds: number): number {
  return Math.round((milliseconds * RATE) / 1000)
}
