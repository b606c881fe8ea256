import { beforeAll, describe, expect, test } from 'vitest'
import { fromRbsp, toRbsp } from './bit-stream'
import { type EncodedPictures, encodePictures } from './encode-pictures'
import { frameNumBits, withIdrPicId } from './idr-pic-id'

const SIZE = { width: 64, height: 48 }

/** A picture that looks different for every seed. */
function picture(seed: number): Uint8Array {
  const bytes = new Uint8Array((SIZE.width * SIZE.height * 3) / 2).fill(128)
  for (let index = 0; index < SIZE.width * SIZE.height; index++) {
    bytes[index] = (index * seed + (index >> 3) * seed * seed) & 255
  }
  return bytes
}

describe('idr_pic_id', () => {
  // Each picture twice in a row: the encoder itself alternates between 0 and 1.
  let encoded: EncodedPictures
  beforeAll(async () => {
    encoded = await encodePictures(SIZE, [1, 1, 2, 2, 3, 3, 4, 4].map(picture))
  })

  test('rewriting gives, bit by bit, what the encoder makes for the other number', () => {
    const bits = frameNumBits(encoded.avcC)
    expect(encoded.units).toHaveLength(8)
    for (let index = 0; index < 8; index += 2) {
      const [one, zero] = [encoded.units[index], encoded.units[index + 1]]
      if (!one || !zero) throw new Error('The encoder left a picture out.')
      expect(Buffer.from(one).equals(Buffer.from(zero))).toBe(false)
      expect(Buffer.from(withIdrPicId(one, bits, 0))).toEqual(Buffer.from(zero))
      expect(Buffer.from(withIdrPicId(zero, bits, 1))).toEqual(Buffer.from(one))
      expect(Buffer.from(withIdrPicId(one, bits, 1))).toEqual(Buffer.from(one))
    }
  })

  test('frame_num has the length that the SPS says', () => {
    expect(frameNumBits(encoded.avcC)).toBe(5)
  })

  test('an SPS of another profile is refused', () => {
    const high = Uint8Array.from(encoded.avcC)
    high[9] = 100
    expect(() => frameNumBits(high)).toThrow('profile 100')
  })
})

test('emulation prevention', () => {
  const rbsp = Buffer.from('000000000001000003ff000002', 'hex')
  const nal = fromRbsp(rbsp)
  expect(Buffer.from(nal).toString('hex')).toBe('000003000003000100000303ff00000302')
  expect(Buffer.from(toRbsp(nal))).toEqual(rbsp)
})
