import { joinedSamples } from '../audio/joined'
import type { Tts } from './tts'
import { pitchOf, spokenLanguage } from './voice-choice'

const packageName = '@echogarden/espeak-ng-emscripten'

/** The used part of the peer, which has no types of its own. */
interface EspeakWorker {
  set_voice(name: string): unknown
  set_rate(wordsPerMinute: number): unknown
  set_pitch(percent: number): unknown
  synthesize(text: string, onSound: (samples: Int16Array | null, events: unknown) => void): unknown
}

/** Sample rate of every voice of the peer. */
const sampleRate = 22_050
/** eSpeak's normal speed and its limits, in words per minute. */
const normalRate = 175
const slowestRate = 80
const fastestRate = 450

/** Voices of eSpeak and their rates. They speak a little slower than normal, so that Chinese is clearer. */
const voices = {
  zh: { name: 'cmn', rate: normalRate * 0.95 },
  en: { name: 'en-us', rate: normalRate * 0.95 },
} as const

/**
 * Speaks with eSpeak NG as WebAssembly.
 *
 * @throws Error with advice when the optional peer is not installed.
 */
export async function espeakVoice(): Promise<Tts> {
  const espeak = await loadEspeak()
  let current: string | undefined
  return {
    speak: async (text, { language, speed, timbre }) => {
      const { name, rate } = voices[spokenLanguage(text, language)]
      // Set the voice only when it changes, because every call loads its files.
      if (name !== current) espeak.set_voice(name)
      current = name
      espeak.set_rate(
        Math.round(Math.min(Math.max((rate * speed) / 100, slowestRate), fastestRate)),
      )
      espeak.set_pitch(Math.round(20 + 60 * pitchOf(timbre)))
      const pieces: Int16Array[] = []
      espeak.synthesize(text, (samples) => {
        // Copy the samples: the next piece overwrites this memory.
        if (samples) pieces.push(samples.slice())
      })
      return { sampleRate, samples: joinedSamples(pieces) }
    },
  }
}

/** Returns true when the optional peer is installed. */
export function espeakInstalled(): boolean {
  try {
    import.meta.resolve(packageName)
    return true
  } catch {
    return false
  }
}

async function loadEspeak(): Promise<EspeakWorker> {
  let load: () => Promise<{ eSpeakNGWorker: new () => EspeakWorker }>
  try {
    // Import a string instead of a literal, so that TypeScript and bundlers accept a missing package.
    const loaded: { default: typeof load } = await import(packageName as string)
    load = loaded.default
  } catch (cause) {
    throw new Error(
      `The voice "espeak" needs the package ${packageName} (GPL-3.0): npm install --save-dev ${packageName}. ` +
        'Or choose the voice "built-in", which needs nothing.',
      { cause },
    )
  }
  const { eSpeakNGWorker } = await load()
  return new eSpeakNGWorker()
}
