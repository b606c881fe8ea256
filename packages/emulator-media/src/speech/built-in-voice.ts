import { SYNTHESIZER_RATE, synthesize } from './formant/synthesizer'
import { phonesOf } from './formant/utterance'
import { pitchOf } from './timbre'
import type { Tts } from './tts'

/** The voice that needs nothing: a formant synthesizer, about 2 ms for a second of speech. */
export function builtInVoice(): Tts {
  return {
    speak: async (text, { speed, timbre }) => ({
      sampleRate: SYNTHESIZER_RATE,
      samples: synthesize(phonesOf(text, speed), 95 * 2 ** (pitchOf(timbre) * 1.35)),
    }),
  }
}
