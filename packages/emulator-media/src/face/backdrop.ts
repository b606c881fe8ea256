import { Brush, type Canvas } from './canvas'
import { darken, lighten, mix } from './colour'
import type { Look } from './look'
import { circle, glow, levelSet, roundedBox, smoothstep } from './shape'

/** A softly lit studio wall, out of focus behind the presenter. */
export function paintBackdrop(canvas: Canvas, look: Look): void {
  const brush = new Brush(canvas, { x: 0, y: 0 })
  paintWall(brush, look)
  paintWindow(brush, look)
  paintShelves(brush, look)
}

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

/** Daylight from the left, with the shadow of a window bar. */
function paintWindow(brush: Brush, { wall }: Look): void {
  const light = lighten(wall, 0.6)
  for (const x of [42, 112]) {
    brush.fill(roundedBox(x, 116, 28, 150, 8), light, { opacity: 0.22, blur: 22 })
  }
  brush.fill(roundedBox(77, 150, 84, 3, 2), darken(wall, 0.2), { opacity: 0.16, blur: 12 })
}

/** Two shelves and the lamps on them: shapes without detail. */
function paintShelves(brush: Brush, { glow: light, wall }: Look): void {
  for (const y of [150, 238]) {
    brush.fill(roundedBox(576, y, 74, 4, 3), lighten(wall, 0.5), { opacity: 0.34, blur: 9 })
    brush.fill(roundedBox(576, y + 10, 74, 6, 3), darken(wall, 0.5), { opacity: 0.2, blur: 14 })
  }
  const warm = mix(light, [255, 234, 196], 0.55)
  const lamp = (x: number, y: number, radius: number, opacity: number): void =>
    brush.fill(circle(x, y, radius), warm, { opacity, blur: radius * 0.8 })
  lamp(548, 122, 21, 0.5)
  lamp(600, 206, 26, 0.36)
  lamp(544, 220, 12, 0.34)
  lamp(606, 58, 36, 0.14)
  lamp(20, 318, 46, 0.1)
  brush.fill(roundedBox(606, 130, 9, 16, 3), darken(wall, 0.35), { opacity: 0.35, blur: 7 })
  brush.fill(roundedBox(625, 126, 7, 20, 3), lighten(wall, 0.3), { opacity: 0.35, blur: 7 })
}
