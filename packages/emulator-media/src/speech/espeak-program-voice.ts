import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readWav } from '../audio/wav'
import { spokenLanguage } from './language'
import { pitchOf } from './timbre'
import type { Tts } from './tts'

const PROGRAM = 'espeak-ng'
const LONGEST_SOUND_BYTES = 64 * 1024 * 1024
const VOICES = { zh: 'cmn', en: 'en-us' } as const

const run = promisify(execFile)

/** The program `espeak-ng`, one process for each sentence. */
export function espeakProgramVoice(program = PROGRAM): Tts {
  return {
    speak: async (text, { language, signal, speed, timbre }) => {
      const voice = VOICES[spokenLanguage(text, language)]
      const rate = String(Math.round(166 * (speed / 100)))
      const pitch = String(Math.round(20 + 60 * pitchOf(timbre)))
      // After `--`, so that a text that begins with a dash is no option.
      const options = ['-v', voice, '-s', rate, '-p', pitch, '--stdout', '--', text]
      try {
        const { stdout } = await run(program, options, {
          encoding: 'buffer',
          maxBuffer: LONGEST_SOUND_BYTES,
          signal,
        })
        return readWav(stdout)
      } catch (cause) {
        signal.throwIfAborted()
        throw new Error(
          `The program ${program} did not speak: install it (Debian: apt install espeak-ng), ` +
            'or choose the voice "built-in", which needs nothing.',
          { cause },
        )
      }
    },
  }
}
