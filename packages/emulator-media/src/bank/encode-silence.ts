import { registerAacEncoder } from '@mediabunny/aac-encoder'
import { AudioSample, AudioSampleSource, Mp4OutputFormat, NullTarget, Output } from 'mediabunny'
import { decoderDescription } from './decoder-description'
import type { SilentAudio } from './picture-bank'

/** 48 kHz suits Opus as well, to which WebRTC will want the sound converted. */
const SAMPLE_RATE = 48_000
const SAMPLES_PER_FRAME = 1024
/** The first frames carry the encoder's start; after these every frame is the same silence. */
const FRAMES = 6

/** Encodes silence as AAC-LC, mono. */
export async function encodeSilence(): Promise<SilentAudio> {
  registerAacEncoder()
  const frames: Uint8Array[] = []
  let description: unknown
  const source = new AudioSampleSource({
    codec: 'aac',
    bitrate: 64_000,
    onEncodedPacket: (packet, meta) => {
      frames.push(packet.data)
      description ??= meta?.decoderConfig?.description
    },
  })
  const output = new Output({ format: new Mp4OutputFormat(), target: new NullTarget() })
  output.addAudioTrack(source)
  await output.start()
  const sample = new AudioSample({
    data: new Float32Array(SAMPLES_PER_FRAME * FRAMES),
    format: 'f32',
    numberOfChannels: 1,
    sampleRate: SAMPLE_RATE,
    timestamp: 0,
  })
  await source.add(sample)
  sample.close()
  source.close()
  await output.finalize()
  const frame = frames[frames.length - 2]
  if (!frame) throw new Error('The AAC encoder made no frame of silence.')
  return {
    sampleRate: SAMPLE_RATE,
    samplesPerFrame: SAMPLES_PER_FRAME,
    audioSpecificConfig: decoderDescription(description),
    frame: frame.slice(),
  }
}
