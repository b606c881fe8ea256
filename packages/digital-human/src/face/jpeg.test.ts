import jpeg from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { isJpeg, readJpeg } from './jpeg'

const [columns, rows] = [48, 32]

/** Red on the left, blue on the right. */
function encoded(): Buffer {
  const data = Buffer.alloc(columns * rows * 4, 255)
  for (let pixel = 0; pixel < columns * rows; pixel++) {
    const left = pixel % columns < columns / 2
    data.set(left ? [220, 20, 20] : [20, 20, 220], pixel * 4)
  }
  return jpeg.encode({ width: columns, height: rows, data }, 90).data
}

describe('a JPEG', () => {
  it('is decoded with its colours in the right places', () => {
    const { height, rgb, width } = readJpeg(encoded())
    expect([width, height, rgb.length]).toEqual([columns, rows, columns * rows * 3])
    const at = (x: number, y: number) => [
      ...rgb.subarray((y * columns + x) * 3, (y * columns + x) * 3 + 3),
    ]
    for (const [index, value] of [220, 20, 20].entries()) {
      expect(Math.abs((at(4, 10)[index] ?? 0) - value)).toBeLessThan(12)
      expect(Math.abs((at(columns - 4, 20)[2 - index] ?? 0) - value)).toBeLessThan(12)
    }
  })

  it('is recognised by its first bytes', () => {
    expect(isJpeg(encoded())).toBe(true)
    expect(isJpeg(Buffer.from('89504e470d0a1a0a', 'hex'))).toBe(false)
    expect(isJpeg(Buffer.alloc(0))).toBe(false)
  })

  it('is refused with a reason when it is incomplete, damaged or too large', () => {
    const whole = encoded()
    expect(() => readJpeg(whole.subarray(0, 100))).toThrow('it is a JPEG that cannot be read')
    expect(() => readJpeg(Buffer.from('ffd8ff', 'hex'))).toThrow('it is a JPEG that cannot be read')
    const huge = Buffer.from(whole)
    const frame = huge.indexOf(Buffer.from('ffc0', 'hex'))
    huge.writeUInt16BE(60_000, frame + 5)
    huge.writeUInt16BE(60_000, frame + 7)
    expect(() => readJpeg(huge)).toThrow(
      'it is too large: 60000x60000 are 3600000000 pixels, and 8847360 are allowed',
    )
  })
})
