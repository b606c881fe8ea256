import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { adtsFrame } from '../testing/adts-frame'
import { espeakInstalled, espeakVoice } from '../voice/espeak-voice'
import { AacEncoder } from './aac-encoder'
import { aacFrameSamples, pcmRate } from './format'
import { resample } from './resample'
import { SoundEncoder } from './sound-encoder'

const ffmpeg = 'ffmpeg'
const installed = spawnSync(ffmpeg, ['-version']).status === 0
/** Delay of the doubled sample rate, in samples of the decoder. */
const doublerDelay = 16

describe('ffmpeg', { timeout: 60_000 }, () => {
  it('decodes speech as it was encoded, with noise far below it', async (ctx) => {
    if (!installed) ctx.skip('ffmpeg is not installed, so no other program decoded the AAC')
    if (!espeakInstalled()) ctx.skip('espeak is not installed, so there is no speech to encode')
    const voice = await espeakVoice()
    const { signal } = new AbortController()
    const options = { speed: 100, timbre: undefined, language: undefined, signal }
    const text = 'She sells sea shells, and welcomes you.'
    const spoken = await voice.speak(text, options)
    const samples = resample(spoken.samples, spoken.sampleRate, pcmRate)
    const encoder = await AacEncoder.open()
    const sound = new SoundEncoder(encoder)
    const blocks = [await sound.write(samples), await sound.end()]
    await encoder.close()
    const frames = blocks.flatMap(({ packets }) => packets.map(adtsFrame))
    const { stdout } = spawnSync(
      ffmpeg,
      ['-hide_banner', '-loglevel', 'error', '-f', 'aac', '-i', '-', '-f', 's16le', '-'],
      { input: Buffer.concat(frames), maxBuffer: 64 * 1024 * 1024 },
    )
    const [power, noise] = samples.reduce(
      ([loud, lost], value, index) => {
        // A decoder plays a frame with the packet after its own.
        const at = (index * 2 + aacFrameSamples + doublerDelay) * 2
        const heard = at + 1 < stdout.length ? stdout.readInt16LE(at) : 0
        return [loud + value ** 2, lost + (value - heard) ** 2] as const
      },
      [0, 0] as readonly [number, number],
    )
    const ratio = 10 * Math.log10(power / noise)
    ctx.annotate(`signal to noise ${ratio.toFixed(1)} dB`)
    expect(ratio).toBeGreaterThan(13)
  })
})
