import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readPng } from './png'

function chunk(name: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  return Buffer.concat([length, Buffer.from(name, 'latin1'), data, Buffer.alloc(4)])
}

function png(type: number, rows: number[][], more: Buffer[] = [], depth = 8): Buffer {
  const channels = { 0: 1, 2: 3, 3: 1, 6: 4 }[type] ?? 1
  const header = Buffer.alloc(13)
  header.writeUInt32BE(((rows[0]?.length ?? 1) - 1) / channels, 0)
  header.writeUInt32BE(rows.length, 4)
  header.set([depth, type, 0, 0, 0], 8)
  const data = deflateSync(Buffer.from(rows.flat()))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([signature, chunk('IHDR', header), ...more, chunk('IDAT', data)])
}

test.each([
  ['none', 0, [10, 20, 30, 40, 50, 60]],
  ['sub', 1, [10, 20, 30, 30, 30, 30]],
  ['up', 2, [9, 18, 27, 36, 45, 54]],
  ['average', 3, [10, 19, 29, 33, 38, 42]],
  ['Paeth', 4, [9, 18, 27, 30, 30, 30]],
])('a row with the filter %s', (_name, filter, bytes) => {
  const before = [0, 1, 2, 3, 4, 5, 6]
  const image = readPng(png(2, [before, [filter, ...bytes]]))
  expect([image.width, image.height]).toEqual([2, 2])
  expect([...image.rgb.subarray(0, 6)]).toEqual([1, 2, 3, 4, 5, 6])
  expect([...image.rgb.subarray(6)]).toEqual([10, 20, 30, 40, 50, 60])
})

test('grey, palette and transparent pictures become red, green and blue', () => {
  expect([...readPng(png(0, [[0, 7]])).rgb]).toEqual([7, 7, 7])
  expect([...readPng(png(6, [[0, 1, 2, 3, 0]])).rgb]).toEqual([1, 2, 3])
  const palette = chunk('PLTE', Buffer.of(0, 0, 0, 9, 8, 7))
  expect([...readPng(png(3, [[0, 1]], [palette])).rgb]).toEqual([9, 8, 7])
})

test.each([
  ['a GIF', Buffer.from('47494638396101000100', 'hex'), 'neither a PNG nor a JPEG'],
  ['16 bits', png(0, [[0, 7]], [], 16), 'more or less than 8 bits'],
  ['no pixels', png(0, []), 'too large'],
])('%s is refused', (_name, bytes, why) => {
  expect(() => readPng(bytes)).toThrow(why)
})
