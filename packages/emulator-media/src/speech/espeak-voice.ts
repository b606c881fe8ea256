import { spokenLanguage } from './language'
import { pitchOf } from './timbre'
import type { Tts } from './tts'

const PACKAGE = '@echogarden/espeak-ng-emscripten'

/** What this package uses of the peer, which has no types of its own. */
interface EspeakWorker {
  set_voice(name: string): unknown
  set_rate(wordsPerMinute: number): unknown
  set_pitch(percent: number): unknown
  synthesize(text: string, onSound: (samples: Int16Array | null, events: unknown) => void): unknown
}

/** The peer asks for 22 050 Hz at all of its voices. */
const SAMPLE_RATE = 22_050
/** Words per minute that eSpeak calls normal, and the range that it takes. */
const NORMAL_RATE = 175
const SLOWEST_RATE = 80
const FASTEST_RATE = 450

/** Chinese is clearer when spoken a little slower than eSpeak would. */
const VOICES = {
  zh: { name: 'cmn', rate: NORMAL_RATE * 0.95 },
  en: { name: 'en-us', rate: NORMAL_RATE * 0.95 },
} as const

/** @throws Error with advice when the optional peer is not installed. */
export async function espeakVoice(): Promise<Tts> {
  const espeak = await loadEspeak()
  let current: string | undefined
  return {
    speak: async (text, { language, speed, timbre }) => {
      const { name, rate } = VOICES[spokenLanguage(text, language)]
      // Setting it loads its files, even if it is the same.
      if (name !== current) espeak.set_voice(name)
      current = name
      espeak.set_rate(
        Math.round(Math.min(Math.max((rate * speed) / 100, SLOWEST_RATE), FASTEST_RATE)),
      )
      espeak.set_pitch(Math.round(20 + 60 * pitchOf(timbre)))
      const pieces: Int16Array[] = []
      espeak.synthesize(text, (samples) => {
        // The array lies in memory that the next piece overwrites.
        if (samples) pieces.push(samples.slice())
      })
      const samples = new Int16Array(pieces.reduce((sum, { length }) => sum + length, 0))
      let end = 0
      for (const piece of pieces) {
        samples.set(piece, end)
        end += piece.length
      }
      return { sampleRate: SAMPLE_RATE, samples }
    },
  }
}

/** Whether the optional peer can be found from here. */
export function espeakInstalled(): boolean {
  try {
    import.meta.resolve(PACKAGE)
    return true
  } catch {
    return false
  }
}

async function loadEspeak(): Promise<EspeakWorker> {
  let load: () => Promise<{ eSpeakNGWorker: new () => EspeakWorker }>
  try {
    // The name is no literal, so that neither types nor bundlers insist on an optional package.
    const loaded: { default: typeof load } = await import(PACKAGE as string)
    load = loaded.default
  } catch (cause) {
    throw new Error(
      `The voice "espeak" needs the package ${PACKAGE} (GPL-3.0): npm install --save-dev ${PACKAGE}. ` +
        'Or choose the voice "built-in", which needs nothing.',
      { cause },
    )
  }
  const { eSpeakNGWorker } = await load()
  return new eSpeakNGWorker()
}
