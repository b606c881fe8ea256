import { AacEncoder } from '../audio/aac-encoder'
import { AAC_FRAME_SAMPLES, AAC_RATE } from '../audio/format'
import { decoderDescription } from './decoder-description'
import type { SilentAudio } from './picture-bank'

/** The first frames carry the encoder's start; after these every frame is the same silence. */
const FRAMES = 6

/** Encodes silence as the speech is encoded: AAC-LC, mono. */
export async function encodeSilence(): Promise<SilentAudio> {
  const encoder = await new AacEncoder().start()
  const frame = new Promise<Uint8Array>((resolve) => {
    encoder.onPacket = (packet, index) => {
      if (index === FRAMES - 2) resolve(packet)
    }
  })
  await encoder.feed(new Float32Array(AAC_FRAME_SAMPLES * FRAMES))
  const silent = (await frame).slice()
  const audioSpecificConfig = decoderDescription(encoder.description)
  await encoder.close()
  return {
    sampleRate: AAC_RATE,
    samplesPerFrame: AAC_FRAME_SAMPLES,
    audioSpecificConfig,
    frame: silent,
  }
}
