import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny'
import { describe, expect, test } from 'vitest'
import { adtsFrame } from '../../flv/aac'
import { AAC_CONFIG, AacEncoder } from './aac-encoder'
import { SCALE_FACTOR_BOOK, SPECTRAL_BOOKS } from './codebooks'
import { Mdct } from './mdct'

const FRAME = 1024
const silence = () => new Float32Array(FRAME)

describe('the codebooks', () => {
  test.each([...SPECTRAL_BOOKS, SCALE_FACTOR_BOOK])(
    'book %# is complete: every bit string is read',
    ({ bits }) => {
      expect(bits.reduce((sum, length) => sum + 2 ** -length, 0)).toBe(1)
    },
  )

  test('hold the words of the standard', () => {
    // ISO/IEC 14496-3, 4.A.1: a difference of 0 is a single zero, one of -1 is 100.
    expect([SCALE_FACTOR_BOOK.words[60], SCALE_FACTOR_BOOK.bits[60]]).toEqual([0, 1])
    expect([SCALE_FACTOR_BOOK.words[59], SCALE_FACTOR_BOOK.bits[59]]).toEqual([0b100, 3])
    expect([SPECTRAL_BOOKS[0]?.words[40], SPECTRAL_BOOKS[0]?.bits[40]]).toEqual([0, 1])
  })
})

describe('the transform', () => {
  test('is the sum that the standard writes down', () => {
    const mdct = new Mdct()
    const signal = Float32Array.from({ length: FRAME * 2 }, (_, n) => Math.sin(n * n * 0.001))
    const spectrum = new Float64Array(FRAME)
    mdct.push(signal.subarray(0, FRAME), spectrum)
    mdct.push(signal.subarray(FRAME), spectrum)
    for (const line of [0, 1, 300, 1023]) {
      const sum = signal.reduce(
        (total, value, n) =>
          total +
          2 *
            value *
            Math.sin((Math.PI * (n + 0.5)) / 2048) *
            Math.cos(((2 * Math.PI) / 2048) * (n + 512.5) * (line + 0.5)),
        0,
      )
      expect(spectrum[line]).toBeCloseTo(sum, 6)
    }
  })
})

describe('the encoder', () => {
  test('needs four bytes for silence', () => {
    expect(new AacEncoder().encode(silence())).toHaveLength(4)
  })

  test('leaves no trace of a sound after the frame that overlaps with it', () => {
    const encoder = new AacEncoder()
    encoder.encode(Float32Array.from({ length: FRAME }, (_, n) => 0.5 * Math.sin(n * 0.1)))
    expect(encoder.encode(silence()).length).toBeGreaterThan(20)
    expect(encoder.encode(silence())).toEqual(new AacEncoder().encode(silence()))
  })

  test('keeps the loudest noise below what a frame may have', () => {
    const encoder = new AacEncoder()
    let random = 1
    for (let frame = 0; frame < 20; frame++) {
      const noise = Float32Array.from({ length: FRAME }, () => {
        random = (Math.imul(random, 1664525) + 1013904223) | 0
        return random > 0 ? 1 : -1
      })
      expect(encoder.encode(noise).length).toBeLessThanOrEqual(768)
    }
  })

  test('makes frames that a demuxer takes for AAC-LC of 32 kHz', async () => {
    const encoder = new AacEncoder()
    const config = { objectType: 2, frequencyIndex: 5, channels: 1 }
    const frames = Array.from({ length: 10 }, (_, frame) =>
      adtsFrame(
        encoder.encode(
          Float32Array.from(
            { length: FRAME },
            (_, n) => 0.3 * Math.sin((frame * FRAME + n) * 0.06),
          ),
        ),
        config,
      ),
    )
    const input = new Input({
      source: new BufferSource(Buffer.concat(frames)),
      formats: ALL_FORMATS,
    })
    const track = await input.getPrimaryAudioTrack()
    if (!track) throw new Error('no track')
    expect([track.codec, track.sampleRate, track.numberOfChannels]).toEqual(['aac', 32_000, 1])
    let packets = 0
    for await (const _ of new EncodedPacketSink(track).packets()) packets += 1
    expect(packets).toBe(10)
    expect([...AAC_CONFIG]).toEqual([0x12, 0x88])
  })
})
