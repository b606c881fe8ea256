import { expect, it } from 'vitest'
import { Canvas } from './canvas'
import type { Rgb } from './colour'
import { writeYuv, yuvBytes } from './yuv'

function convert(colours: readonly Rgb[]): number[] {
  const canvas = new Canvas(2, 2)
  for (const [index, colour] of colours.entries()) canvas.pixels.set(colour, index * 3)
  const yuv = new Uint8Array(yuvBytes(2, 2))
  writeYuv(canvas, yuv, canvas.bounds)
  return [...yuv]
}

const four = (colour: Rgb): Rgb[] => [colour, colour, colour, colour]

// These are the values of ITU-R BT.601 with the limited range of video.
it.each([
  ['black', [0, 0, 0], [16, 128, 128]],
  ['white', [255, 255, 255], [235, 128, 128]],
  ['red', [255, 0, 0], [81, 90, 240]],
  ['green', [0, 255, 0], [145, 54, 34]],
  ['blue', [0, 0, 255], [41, 240, 110]],
] satisfies [string, Rgb, number[]][])('converts %s', (_name, colour, [y, u, v]) => {
  expect(convert(four(colour))).toEqual([y, y, y, y, u, v])
})

it('shares the mean colour between four pixels', () => {
  const [, , , , u, v] = convert([
    [255, 0, 0],
    [0, 0, 255],
    [255, 0, 0],
    [0, 0, 255],
  ])
  expect([u, v]).toEqual([165, 175])
})

it('writes only the given area', () => {
  const canvas = new Canvas(8, 8)
  canvas.pixels.fill(255)
  const yuv = new Uint8Array(yuvBytes(8, 8))
  writeYuv(canvas, yuv, { left: 2, top: 2, right: 4, bottom: 4 })
  expect([...yuv.subarray(0, 64)].filter((value) => value === 235)).toHaveLength(4)
})
