import type { Bounds } from './bounds'
import type { Canvas } from './canvas'

/** Returns the size of a YUV 4:2:0 picture in bytes: Y, then U and V at half the width and height. */
export function yuvBytes(width: number, height: number): number {
  return (width * height * 3) / 2
}

/**
 * Converts an area of the canvas into `target`: planar YUV 4:2:0, BT.601 limited range, which decoders
 * assume for small pictures without other information.
 */
export function writeYuv(canvas: Canvas, target: Uint8Array, area: Bounds): void {
  const { height, pixels, width } = canvas
  const chromaWidth = width / 2
  const uPlane = width * height
  const vPlane = uPlane + uPlane / 4
  // Start at whole 2x2 blocks, whose pixels share their colour.
  const left = area.left & ~1
  const top = area.top & ~1
  for (let row = top; row < area.bottom; row += 2) {
    for (let column = left; column < area.right; column += 2) {
      let red = 0
      let green = 0
      let blue = 0
      for (let corner = 0; corner < 4; corner++) {
        const at = (row + (corner >> 1)) * width + column + (corner & 1)
        const r = pixels[at * 3] ?? 0
        const g = pixels[at * 3 + 1] ?? 0
        const b = pixels[at * 3 + 2] ?? 0
        target[at] = 16.5 + 0.25679 * r + 0.50413 * g + 0.09791 * b
        red += r
        green += g
        blue += b
      }
      const chroma = (row / 2) * chromaWidth + column / 2
      target[uPlane + chroma] = 128.5 + (-0.14822 * red - 0.29099 * green + 0.43922 * blue) / 4
      target[vPlane + chroma] = 128.5 + (0.43922 * red - 0.36779 * green - 0.07143 * blue) / 4
    }
  }
}
