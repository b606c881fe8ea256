import type { Brush } from './canvas'
import { darken, lighten, mix, type Rgb } from './colour'
import type { Look } from './look'
import { ellipse, glow, type Shape, smoothstep, stroke } from './shape'

const halfWidth = 55
const halfHeight = 75

/** The outline of the face: an ellipse that narrows to the chin and is fuller at the jaw. */
const oval: Shape = {
  distance: (x, y) => {
    const jaw = smoothstep(-10, 75, y)
    const u = x / (halfWidth * (1 - 0.13 * jaw))
    const v = y / halfHeight
    const near = Math.sqrt(Math.max(u * u + v * v - 0.28 * jaw * u * u * v * v, 1e-6))
    return (Math.sqrt(x * x + y * y) * (near - 1)) / near
  },
  bounds: { left: -halfWidth, top: -halfHeight, right: halfWidth, bottom: halfHeight },
}

/** Paints ears, face and nose. The origin of head coordinates is the middle of the head. */
export function paintHead(brush: Brush, look: Look): void {
  if (look.hairStyle === 'short' || look.hairStyle === 'bun') paintEars(brush, look)
  brush.fill(oval, skinPaint(look))
  paintNose(brush, look)
}

function paintEars(brush: Brush, { skin }: Look): void {
  const shade = mix(darken(skin, 0.2), [180, 70, 60], 0.3)
  for (const side of [-1, 1] as const) {
    brush.fill(ellipse(side * 55, 8, 9, 17), mix(skin, [190, 80, 70], 0.16))
    brush.fill(ellipse(side * 57, 8, 4.4, 10), shade, { blur: 6, opacity: 0.7 })
  }
}

/** Paint of skin: light from the upper left, warm shadow on the right and under the cheeks, some blush. */
function skinPaint({ skin }: Look): (x: number, y: number, depth: number) => Rgb {
  const light = lighten(skin, 0.36)
  const shade = mix(darken(skin, 0.24), [170, 70, 60], 0.2)
  const blush = mix(skin, [222, 96, 92], 0.5)
  return (x, y, depth) => {
    const aside = Math.abs(x)
    const edge = smoothstep(-26, 0, depth)
    const away = smoothstep(-8, 62, x + y * 0.18)
    const sockets = glow(aside, y, 22, -6, 17, 12)
    const shadow = edge * 0.42 + away * 0.3 + sockets * 0.13 + smoothstep(56, 76, y) * 0.18
    const lit =
      glow(x, y, -14, -30, 34, 26) * 0.55 +
      glow(x, y, -25, 13, 15, 11) * 0.5 +
      glow(x, y, -3, 65, 12, 7) * 0.3
    const base = mix(skin, shade, Math.min(shadow, 1))
    return mix(mix(base, light, Math.min(lit, 1) * 0.8), blush, glow(aside, y, 31, 25, 13, 9) * 0.4)
  }
}

function paintNose(brush: Brush, { skin }: Look): void {
  const shade = mix(darken(skin, 0.32), [150, 60, 50], 0.25)
  const bridge = stroke([7, -12], [6, 8], [9, 19], (t) => 1.6 + t * 1.6)
  brush.fill(bridge, shade, { blur: 9, opacity: 0.36 })
  brush.fill(ellipse(-1.5, 14, 3.6, 7), lighten(skin, 0.6), { blur: 7, opacity: 0.55 })
  const tip = stroke([-9, 22], [0, 29], [9, 22], () => 1.7)
  brush.fill(tip, shade, { blur: 4.5, opacity: 0.55 })
  for (const side of [-1, 1] as const) {
    const nostril = ellipse(side * 5, 23.6, 2.5, 1.4)
    brush.fill(nostril, darken(shade, 0.3), { blur: 2.2, opacity: 0.6 })
    const wing = stroke([side * 9.5, 16], [side * 12.5, 20], [side * 9, 24], () => 0.9)
    brush.fill(wing, shade, { blur: 3, opacity: 0.5 })
  }
}
