import type { Tts } from './tts'
import { pitchOf } from './voice-choice'

const rate = 16_000
const syllableMs = 185

/** One syllable: a character of its own, letters around a vowel, or other letters. Or one mark: a pause. */
const partPattern =
  /[\p{Script=Han}\p{Script=Hangul}\p{N}]|[^aeiouy\P{L}]*[aeiouy]+(?:[^aeiouy\P{L}](?![^aeiouy\P{L}]*[aeiouy]))*|\p{L}{1,3}|[,，、:：;；.。!！?？…]/giu
const pause = /^\P{L}$/u
const digit = /^\p{N}$/u

/** Loudness near 400, 850 and 2200 Hz for a, e, i, o, u: enough for different shapes of the lips. */
const vowels = [
  [0.5, 1, 0.3],
  [0.8, 0.5, 0.6],
  [1, 0.2, 0.8],
  [0.8, 0.8, 0],
  [1, 0.4, 0],
] as const
const bandsHertz = [400, 850, 2200] as const

/** The voice that needs nothing installed: hums one tone for each syllable, without words. */
export function humVoice(): Tts {
  return {
    speak: async (text, { speed, timbre }) => {
      const parts: string[] = text.normalize('NFD').match(partPattern) ?? []
      const length = Math.round((syllableMs * rate) / 10 / speed)
      const samples = new Int16Array(parts.length * length)
      for (const [index, part] of parts.entries()) {
        if (pause.test(part) && !digit.test(part)) continue
        // The pitch sinks by three semitones through a sentence.
        const hertz = 95 * 2 ** (pitchOf(timbre) * 1.35 - index / parts.length / 4)
        samples.set(hum(part, length, hertz), index * length)
      }
      return { sampleRate: rate, samples }
    },
  }
}

function hum(syllable: string, length: number, hertz: number): Int16Array {
  const vowel = 'aeiou'.indexOf(/[aeiou]/i.exec(syllable)?.[0].toLowerCase() ?? '-')
  const index = vowel < 0 ? (syllable.codePointAt(0) ?? 0) % vowels.length : vowel
  const overtones = bandsHertz.map((band, n) => [Math.round(band / hertz), vowels[index]?.[n] ?? 0])
  let random = index
  return Int16Array.from({ length }, (_, at) => {
    const phase = (2 * Math.PI * hertz * at) / rate
    const tone = overtones.reduce(
      (sum, [times = 0, loudness = 0]) => sum + loudness * Math.sin(phase * times),
      0.5 * Math.sin(phase),
    )
    random = (Math.imul(random, 1664525) + 1013904223) | 0
    // Add some breath, because the AAC encoder takes three times as long for pure tones.
    return 7000 * tone * Math.sin((Math.PI * at) / length) ** 0.7 + (300 * random) / 2 ** 31
  })
}
