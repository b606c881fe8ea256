import { AAC_CONFIG, AacEncoder } from '../audio/aac/aac-encoder'
import { AAC_FRAME_SAMPLES, AAC_RATE, PCM_FRAME_SAMPLES } from '../audio/format'
import type { SilentAudio } from './picture-bank'

/** Encodes silence as the speech is encoded: AAC-LC, mono. */
export function encodeSilence(): SilentAudio {
  return {
    sampleRate: AAC_RATE,
    samplesPerFrame: AAC_FRAME_SAMPLES,
    audioSpecificConfig: AAC_CONFIG,
    frame: new AacEncoder().encode(new Int16Array(PCM_FRAME_SAMPLES)),
  }
}
