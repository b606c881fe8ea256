import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adtsFrame } from '../testing/adts-frame'
import { AacEncoder } from './aac-encoder'
import { pcmFrameSamples } from './format'
import { SoundEncoder } from './sound-encoder'

const sine = (frames: number) =>
  Int16Array.from({ length: pcmFrameSamples * frames }, (_, n) => 10_000 * Math.sin(n * 0.12))

describe('SoundEncoder', { timeout: 60_000 }, () => {
  let encoder: AacEncoder
  beforeAll(async () => {
    encoder = await AacEncoder.open()
  })
  afterAll(() => encoder.close())

  it('returns one packet more than the sound has frames', async () => {
    for (let sounds = 0; sounds < 2; sounds++) {
      const sound = new SoundEncoder(encoder)
      const blocks = [
        await sound.write(sine(3).subarray(0, 700)),
        await sound.write(sine(3).subarray(700, 1100)),
        await sound.write(sine(3).subarray(1100)),
        await sound.end(),
      ]
      expect(blocks.flatMap(({ packets }) => packets)).toHaveLength(4)
      expect(blocks.flatMap(({ samples }) => [...samples])).toEqual([...sine(3)])
      expect(blocks.flatMap(({ mouths }) => [...mouths])).toHaveLength(6)
    }
  })

  it('returns nothing for a sound without samples', async () => {
    const sound = new SoundEncoder(encoder)
    expect(await sound.write(new Int16Array(0))).toMatchObject({ packets: [] })
    expect(await sound.end()).toMatchObject({ packets: [] })
  })

  it('makes packets that a demuxer takes for AAC-LC of 32 kHz', async () => {
    const sound = new SoundEncoder(encoder)
    const blocks = [await sound.write(sine(10)), await sound.end()]
    const frames = blocks.flatMap(({ packets }) => packets.map(adtsFrame))
    const input = new Input({
      source: new BufferSource(Buffer.concat(frames)),
      formats: ALL_FORMATS,
    })
    const track = await input.getPrimaryAudioTrack()
    if (!track) throw new Error('no track')
    expect([track.codec, track.sampleRate, track.numberOfChannels]).toEqual(['aac', 32_000, 1])
    let packets = 0
    for await (const _ of new EncodedPacketSink(track).packets()) packets += 1
    expect(packets).toBe(11)
  })
})
