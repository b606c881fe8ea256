import { builtInVoice } from './built-in-voice'
import { espeakProgramVoice } from './espeak-program-voice'
import { espeakInstalled, espeakVoice } from './espeak-voice'
import type { Tts, VoiceName } from './tts'

/** @throws Error with advice when the voice is not installed. */
export async function namedVoice(name: VoiceName): Promise<Tts> {
  switch (name) {
    case 'auto':
      return espeakInstalled() ? espeakVoice() : builtInVoice()
    case 'espeak':
      return espeakVoice()
    case 'espeak-program':
      return espeakProgramVoice()
    case 'built-in':
      return builtInVoice()
  }
}
