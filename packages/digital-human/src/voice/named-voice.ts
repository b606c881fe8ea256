import { espeakProgramVoice } from './espeak-program-voice'
import { espeakInstalled, espeakVoice } from './espeak-voice'
import { humVoice } from './hum-voice'
import type { Tts, VoiceName } from './tts'

/**
 * Loads a voice by its name.
 *
 * @throws Error with advice when the voice is not installed.
 */
export async function namedVoice(name: VoiceName): Promise<Tts> {
  switch (name) {
    case 'auto':
      return espeakInstalled() ? espeakVoice() : humVoice()
    case 'espeak':
      return espeakVoice()
    case 'espeak-program':
      return espeakProgramVoice()
    case 'built-in':
      return humVoice()
  }
}
