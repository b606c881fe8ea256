import { Brush, type Canvas } from './canvas'
import { darken, lighten, mix, type Rgb } from './colour'
import type { Image } from './image'
import type { Look } from './look'
import { circle, clamp, glow, levelSet, roundedBox, smoothstep } from './shape'

/** Paints a softly lit studio wall, out of focus. */
export function paintBackdrop(canvas: Canvas, look: Look): void {
  // Objects at a side keep their distance to it in every picture format.
  const y = (canvas.height - LANDSCAPE.height) * 0.4
  const left = new Brush(canvas, { x: 0, y })
  const right = new Brush(canvas, { x: canvas.width - LANDSCAPE.width, y })
  paintWall(new Brush(canvas, { x: 0, y: 0 }), look)
  paintWindow(left, look)
  paintShelves(right, look)
  paintLamp(left, look, { x: 20, y: 318, radius: 46, opacity: 0.1 })
}

/** The room is designed for a picture of this size. */
const LANDSCAPE = { width: 640, height: 360 }

function paintWall(brush: Brush, { glow: light, wall }: Look): void {
  const { height, width } = brush.canvas
  const all = levelSet({ left: 0, top: 0, right: width, bottom: height }, () => -1e3)
  const dark = darken(wall, 0.42)
  brush.fill(all, (x, y) => {
    const lit = glow(x, y, width * 0.5, height * 0.38, 270, 200)
    const away = Math.hypot(x / width - 0.5, y / height - 0.45)
    return mix(mix(wall, light, lit * 0.7), dark, smoothstep(0.2, 0.82, away) * 0.6)
  })
}

/** Paints daylight from the left, with the shadow of a window bar. */
function paintWindow(brush: Brush, { wall }: Look): void {
  const light = lighten(wall, 0.6)
  for (const x of [42, 112]) {
    brush.fill(roundedBox(x, 116, 28, 150, 8), light, { opacity: 0.22, blur: 22 })
  }
  brush.fill(roundedBox(77, 150, 84, 3, 2), darken(wall, 0.2), { opacity: 0.16, blur: 12 })
}

/** Paints two shelves with lamps: shapes without detail. */
function paintShelves(brush: Brush, look: Look): void {
  const { wall } = look
  for (const y of [150, 238]) {
    brush.fill(roundedBox(576, y, 74, 4, 3), lighten(wall, 0.5), { opacity: 0.34, blur: 9 })
    brush.fill(roundedBox(576, y + 10, 74, 6, 3), darken(wall, 0.5), { opacity: 0.2, blur: 14 })
  }
  const lamp = (x: number, y: number, radius: number, opacity: number): void =>
    paintLamp(brush, look, { x, y, radius, opacity })
  lamp(548, 122, 21, 0.5)
  lamp(600, 206, 26, 0.36)
  lamp(544, 220, 12, 0.34)
  lamp(606, 58, 36, 0.14)
  brush.fill(roundedBox(606, 130, 9, 16, 3), darken(wall, 0.35), { opacity: 0.35, blur: 7 })
  brush.fill(roundedBox(625, 126, 7, 20, 3), lighten(wall, 0.3), { opacity: 0.35, blur: 7 })
}

interface Lamp {
  readonly x: number
  readonly y: number
  readonly radius: number
  readonly opacity: number
}

function paintLamp(brush: Brush, { glow: light }: Look, { opacity, radius, x, y }: Lamp): void {
  const warm = mix(light, [255, 234, 196], 0.55)
  brush.fill(circle(x, y, radius), warm, { opacity, blur: radius * 0.8 })
}

/** A background in place of the room: one colour or an image. */
export type Background = Rgb | Image

/** Fills the canvas with one colour or an image; the image is scaled to cover it and cropped. */
export function paintBackground(canvas: Canvas, background: Background): void {
  const { height, pixels, width } = canvas
  const colourAt = 'rgb' in background ? fitted(background, canvas) : () => background
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      pixels.set(colourAt(column, row), (row * width + column) * 3)
    }
  }
}

function fitted(image: Image, { height, width }: Canvas): (column: number, row: number) => Rgb {
  const zoom = Math.max(width / image.width, height / image.height)
  return (column, row) => {
    const x = (column + 0.5 - width / 2) / zoom + image.width / 2
    const y = (row + 0.5 - height / 2) / zoom + image.height / 2
    return sample(image, x, y, 1 / zoom)
  }
}

/** Returns the mean of the image pixels under one pixel of the canvas. */
function sample({ height, rgb, width }: Image, x: number, y: number, reach: number): Rgb {
  const half = Math.max(reach, 1) / 2
  const sum: [number, number, number] = [0, 0, 0]
  let weight = 0
  for (let row = Math.floor(y - half); row <= Math.floor(y + half); row++) {
    const high = Math.min(row + 1, y + half) - Math.max(row, y - half)
    for (let column = Math.floor(x - half); column <= Math.floor(x + half); column++) {
      const share = high * (Math.min(column + 1, x + half) - Math.max(column, x - half))
      const at = (clamp(row, 0, height - 1) * width + clamp(column, 0, width - 1)) * 3
      for (const colour of [0, 1, 2] as const) sum[colour] += (rgb[at + colour] ?? 0) * share
      weight += share
    }
  }
  return [sum[0] / weight, sum[1] / weight, sum[2] / weight]
}
