import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny'
import { describe, expect, test } from 'vitest'
import { adtsFrame } from '../../flv/aac'
import { AAC_CONFIG, AacEncoder } from './aac-encoder'
import { SCALE_FACTOR_BOOK, SPECTRAL_BOOKS } from './codebooks'
import { Mdct } from './mdct'

/** Of 16 kHz; a decoder makes twice as many of 32 kHz. */
const FRAME = 512
const silence = () => new Int16Array(FRAME)
const sine = (amplitude: number, from = 0) =>
  Int16Array.from({ length: FRAME }, (_, n) => amplitude * Math.sin((from + n) * 0.12))

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
  test('is the lower half of the sum that the standard writes down', () => {
    const mdct = new Mdct()
    const signal = Int16Array.from({ length: FRAME * 2 }, (_, n) => 9000 * Math.sin(n * n * 0.001))
    const spectrum = new Float64Array(FRAME)
    mdct.push(signal.subarray(0, FRAME), spectrum)
    mdct.push(signal.subarray(FRAME), spectrum)
    for (const line of [0, 1, 300, 511]) {
      // The middle between two of the decoder's samples, and a half that stands for both.
      const sum = signal.reduce((total, value, half) => {
        const n = 2 * half + 0.5
        return (
          total +
          2 *
            (2 * value) *
            Math.sin((Math.PI * (n + 0.5)) / 2048) *
            Math.cos(((2 * Math.PI) / 2048) * (n + 512.5) * (line + 0.5))
        )
      }, 0)
      expect(spectrum[line]).toBeCloseTo(sum, 2)
    }
  })
})

describe('the encoder', () => {
  test('needs four bytes for silence', () => {
    expect(new AacEncoder().encode(silence())).toHaveLength(4)
  })

  test('leaves no trace of a sound after the frame that overlaps with it', () => {
    const encoder = new AacEncoder()
    encoder.encode(sine(16_000))
    expect(encoder.encode(silence()).length).toBeGreaterThan(20)
    expect(encoder.encode(silence())).toEqual(new AacEncoder().encode(silence()))
  })

  test('keeps the loudest noise below what a frame may have', () => {
    const encoder = new AacEncoder()
    let random = 1
    for (let frame = 0; frame < 20; frame++) {
      const noise = Int16Array.from({ length: FRAME }, () => {
        random = (Math.imul(random, 1664525) + 1013904223) | 0
        return random > 0 ? 32_767 : -32_768
      })
      expect(encoder.encode(noise).length).toBeLessThanOrEqual(768)
    }
  })

  test('makes frames that a demuxer takes for AAC-LC of 32 kHz', async () => {
    const encoder = new AacEncoder()
    const config = { objectType: 2, frequencyIndex: 5, channels: 1 }
    const frames = Array.from({ length: 10 }, (_, frame) =>
      adtsFrame(encoder.encode(sine(10_000, frame * FRAME)), config),
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
