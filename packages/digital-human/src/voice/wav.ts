import type { TtsSound } from './tts'

/**
 * Reads 16-bit PCM from a WAV file: the first channel. A data length beyond the end of the file, which
 * streaming programs write, means all the remaining bytes.
 *
 * @throws Error when the file is not WAV with 16-bit PCM.
 */
export function readWav(bytes: Buffer): TtsSound {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('The sound is not a WAV file.')
  }
  let format: { readonly channels: number; readonly sampleRate: number } | undefined
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4)
    const begin = at + 8
    const end = Math.min(begin + bytes.readUInt32LE(at + 4), bytes.length)
    if (name === 'fmt ' && end - begin >= 16) {
      if (bytes.readUInt16LE(begin) !== 1 || bytes.readUInt16LE(begin + 14) !== 16) {
        throw new Error('The WAV file does not hold 16-bit PCM.')
      }
      format = {
        channels: bytes.readUInt16LE(begin + 2),
        sampleRate: bytes.readUInt32LE(begin + 4),
      }
    }
    if (name === 'data' && format) {
      const { channels, sampleRate } = format
      const samples = new Int16Array(Math.floor((end - begin) / 2 / channels))
      for (let index = 0; index < samples.length; index++) {
        samples[index] = bytes.readInt16LE(begin + index * 2 * channels)
      }
      return { sampleRate, samples }
    }
    at = end + (end & 1)
  }
  throw new Error('The WAV file holds no sound.')
}
