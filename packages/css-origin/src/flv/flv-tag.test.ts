import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FlvReader } from './flv-reader'
import { encodeFlvHeader, encodeFlvTag, type FlvTag, FlvTagType } from './flv-tag'
import {
  aacFrame,
  aacSequenceHeader,
  avcKeyFrame,
  avcSequenceHeader,
  isAudioSequenceHeader,
  videoTraits,
} from './media-payload'

describe('FLV', () => {
  it('writes the kinds of media into the file header', () => {
    const header = encodeFlvHeader({ audio: true, video: true }).toString('hex')
    expect(header).toBe('464c5601050000000900000000')
    expect(encodeFlvHeader({ audio: false, video: true })[4]).toBe(1)
    expect(encodeFlvHeader({ audio: true, video: false })[4]).toBe(4)
  })

  it('writes the highest byte of a timestamp last', () => {
    const tag = encodeFlvTag({
      type: FlvTagType.video,
      timestamp: 0x12345678,
      payload: Buffer.of(0x17),
    })
    expect(tag.toString('hex')).toBe(
      '09' + '000001' + '345678' + '12' + '000000' + '17' + '0000000c',
    )
  })

  it('reads back every written tag, however the bytes are split into chunks', () => {
    const anyTag: fc.Arbitrary<FlvTag> = fc.record({
      type: fc.constantFrom(FlvTagType.audio, FlvTagType.video, FlvTagType.script),
      timestamp: fc.integer({ min: 0, max: 0xffffffff }),
      payload: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    })
    fc.assert(
      fc.property(fc.array(anyTag), fc.integer({ min: 1, max: 40 }), (tags, piece) => {
        const bytes = Buffer.concat([
          encodeFlvHeader({ audio: true, video: false }),
          ...tags.map((tag) => encodeFlvTag(tag)),
        ])
        const reader = new FlvReader()
        const seen: FlvTag[] = []
        for (let at = 0; at < bytes.length; at += piece) {
          seen.push(...reader.push(bytes.subarray(at, at + piece)))
        }
        expect(seen).toEqual(tags)
        expect(reader.contains).toEqual({ audio: true, video: false })
      }),
      { numRuns: 100 },
    )
  })

  it('refuses bytes that are not FLV', () => {
    expect(() => new FlvReader().push(Buffer.alloc(20))).toThrow('must start with "FLV"')
  })
})

describe('payloads', () => {
  it('recognises the payloads that it writes', () => {
    const header = avcSequenceHeader(Buffer.of(1, 2))
    expect(header.toString('hex')).toBe('17000000000102')
    expect(videoTraits(header)).toEqual({ sequenceHeader: true, keyFrame: false })
    expect(videoTraits(avcKeyFrame(Buffer.of(9)))).toEqual({
      sequenceHeader: false,
      keyFrame: true,
    })
    expect(aacSequenceHeader(Buffer.of(0x11, 0x88)).toString('hex')).toBe('af001188')
    expect(isAudioSequenceHeader(aacSequenceHeader(Buffer.of(0x11)))).toBe(true)
    expect(isAudioSequenceHeader(aacFrame(Buffer.of(0x11)))).toBe(false)
  })

  it.each([
    ['H.264 between key frames', [0x27, 1], false, false],
    ['the end of an H.264 sequence', [0x17, 2], false, false],
    ['Sorenson key frame', [0x12, 0], false, true],
    ['HEVC header, the informal id 12', [0x1c, 0], true, false],
    ['Enhanced RTMP header', [0x90, 0x68], true, false],
    ['Enhanced RTMP key frame', [0x91, 0x68], false, true],
    ['Enhanced RTMP between key frames', [0xa1, 0x68], false, false],
    ['nothing at all', [], false, false],
  ])('recognises %s', (_name, bytes, sequenceHeader, keyFrame) => {
    expect(videoTraits(Uint8Array.from(bytes))).toEqual({ sequenceHeader, keyFrame })
  })

  it('finds no header in sound of other codecs', () => {
    expect(isAudioSequenceHeader(Uint8Array.of(0x2f, 0))).toBe(false) // MP3
    expect(isAudioSequenceHeader(Uint8Array.of(0x90, 0))).toBe(true) // Enhanced RTMP
    expect(isAudioSequenceHeader(Uint8Array.of())).toBe(false)
    expect(isAudioSequenceHeader(Uint8Array.of(0xaf))).toBe(false)
  })
})
