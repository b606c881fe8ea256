import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Tts } from './tts'
import { pitchOf, spokenLanguage } from './voice-choice'

const defaultProgram = 'espeak-ng'
/** Size of the WAV header that the program writes, and offset of the sample rate in it, in bytes. */
const headerBytes = 44
const rateOffset = 24
const longestSoundBytes = 64 * 1024 * 1024
const voices = { zh: 'cmn', en: 'en-us' } as const

const run = promisify(execFile)

/** Speaks with the program `espeak-ng`, one process per sentence. */
export function espeakProgramVoice(program = defaultProgram): Tts {
  return {
    speak: async (text, { language, signal, speed, timbre }) => {
      const voice = voices[spokenLanguage(text, language)]
      const rate = String(Math.round(166 * (speed / 100)))
      const pitch = String(Math.round(20 + 60 * pitchOf(timbre)))
      // `--` keeps a text that starts with a dash from being an option.
      const options = ['-v', voice, '-s', rate, '-p', pitch, '--stdout', '--', text]
      try {
        const { stdout } = await run(program, options, {
          encoding: 'buffer',
          maxBuffer: longestSoundBytes,
          signal,
        })
        const samples = new Int16Array(Math.max(0, stdout.length - headerBytes) >> 1)
        for (let index = 0; index < samples.length; index++) {
          samples[index] = stdout.readInt16LE(headerBytes + index * 2)
        }
        return { sampleRate: stdout.readUInt32LE(rateOffset), samples }
      } catch (cause) {
        signal.throwIfAborted()
        throw new Error(
          `The program ${program} failed: install it (Debian: apt install espeak-ng), ` +
            'or choose the voice "built-in", which needs nothing.',
          { cause },
        )
      }
    },
  }
}
