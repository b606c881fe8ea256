import { Brush, type Canvas } from './canvas'
import { darken, lighten, mix } from './colour'
import type { Look } from './look'
import { circle, glow, levelSet, roundedBox, smoothstep } from './shape'

/** Paints a softly lit studio wall, out of focus. */
export function paintBackdrop(canvas: Canvas, look: Look): void {
  // Objects at a side keep their distance to it in every picture format.
  const y = (canvas.height - landscape.height) * 0.4
  const left = new Brush(canvas, { x: 0, y })
  const right = new Brush(canvas, { x: canvas.width - landscape.width, y })
  paintWall(new Brush(canvas, { x: 0, y: 0 }), look)
  paintWindow(left, look)
  paintShelves(right, look)
  paintLamp(left, look, { x: 20, y: 318, radius: 46, opacity: 0.1 })
}

/** Size of the picture for which the room is designed, in pixels. */
const landscape = { width: 640, height: 360 }

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
