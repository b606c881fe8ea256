import { crc32, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readPng } from './png'

function chunk(name: string, data: Buffer): Buffer {
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

function png(type: number, rows: number[][], more: Buffer[] = [], depth = 8): Buffer {
  const bytes = ({ 0: 1, 2: 3, 3: 1, 6: 4 }[type] ?? 1) * (depth / 8)
  const header = Buffer.alloc(13)
  header.writeUInt32BE(((rows[0]?.length ?? 1) - 1) / bytes, 0)
  header.writeUInt32BE(rows.length, 4)
  header.set([depth, type, 0, 0, 0], 8)
  const data = chunk('IDAT', deflateSync(Buffer.from(rows.flat())))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const end = chunk('IEND', Buffer.alloc(0))
  return Buffer.concat([signature, chunk('IHDR', header), ...more, data, end])
}

describe('readPng', () => {
  it.each([
    ['none', 0, [10, 20, 30, 40, 50, 60]],
    ['sub', 1, [10, 20, 30, 30, 30, 30]],
    ['up', 2, [9, 18, 27, 36, 45, 54]],
    ['average', 3, [10, 19, 29, 33, 38, 42]],
    ['Paeth', 4, [9, 18, 27, 30, 30, 30]],
  ])('reads a row with the filter %s', (_name, filter, bytes) => {
    const before = [0, 1, 2, 3, 4, 5, 6]
    const image = readPng(png(2, [before, [filter, ...bytes]]))
    expect([image.width, image.height]).toEqual([2, 2])
    expect([...image.rgb.subarray(0, 6)]).toEqual([1, 2, 3, 4, 5, 6])
    expect([...image.rgb.subarray(6)]).toEqual([10, 20, 30, 40, 50, 60])
  })

  it('converts grey, palette, 16-bit and transparent images to 8-bit colour', () => {
    expect([...readPng(png(0, [[0, 7]])).rgb]).toEqual([7, 7, 7])
    expect([...readPng(png(0, [[0, 7, 1]], [], 16)).rgb]).toEqual([7, 7, 7])
    expect(readPng(png(6, [[0, 1, 2, 3, 9]]))).toMatchObject({
      rgb: Uint8Array.of(1, 2, 3),
      alpha: Uint8Array.of(9),
    })
    const palette = chunk('PLTE', Buffer.of(0, 0, 0, 9, 8, 7))
    expect([...readPng(png(3, [[0, 1]], [palette])).rgb]).toEqual([9, 8, 7])
  })

  it('returns no opacity for an opaque image', () => {
    expect(readPng(png(6, [[0, 1, 2, 3, 255]])).alpha).toBeUndefined()
  })

  it('refuses an image with too many pixels before it decodes it', () => {
    const bytes = png(2, [[0, 1, 2, 3]])
    bytes.writeUInt32BE(100_000, 16)
    bytes.writeUInt32BE(100_000, 20)
    expect(() => readPng(bytes)).toThrow('too large')
  })

  it('has at most 4096x2160 pixels', () => {
    const bytes = png(2, [[0, 1, 2, 3]])
    bytes.writeUInt32BE(4_096, 16)
    bytes.writeUInt32BE(4_096, 20)
    expect(() => readPng(bytes)).toThrow(
      'it is too large: 4096x4096 are 16777216 pixels, and 8847360 are allowed',
    )
    bytes.writeUInt32BE(2_160, 20)
    expect(() => readPng(bytes)).toThrow('cannot be read')
  })

  it('refuses a second header, whose size the decoder would take', () => {
    const whole = png(2, [[0, 1, 2, 3]])
    const header = whole.subarray(8, 33)
    const second = Buffer.concat([whole.subarray(0, 33), header, whole.subarray(33)])
    expect(() => readPng(second)).toThrow('more than one header')
  })

  it('refuses interlaced data that is larger than the image', () => {
    const bytes = Buffer.from(png(2, [Array(50_000).fill(0)]))
    bytes.writeUInt32BE(1, 16)
    bytes[28] = 1
    expect(() => readPng(bytes)).toThrow(/cannot be read \(Cannot create a Buffer larger/)
  })

  it.each([
    ['a GIF', Buffer.from('47494638396101000100', 'hex'), 'neither a PNG nor a JPEG'],
    ['a cut file', png(2, [[0, 1, 2, 3]]).subarray(0, 40), 'cannot be read'],
    ['an image without pixels', png(0, []), 'cannot be read'],
  ])('refuses %s', (_name, bytes, reason) => {
    expect(() => readPng(bytes)).toThrow(reason)
  })
})
