import type { Bounds } from './bounds'
import type { Brush } from './canvas'
import { darken, lighten, mix } from './colour'
import type { Eyes } from './expression'
import type { Look } from './look'
import { circle, intersection, type Shape, smoothstep, stroke } from './shape'

/** The area that {@link paintEyes} paints, in head coordinates. */
export const eyeBounds: Bounds = { left: -46, top: -34, right: 46, bottom: 16 }

const eyeX = 22.5
const eyeY = -3
/** Half the width of an eye. */
const reach = 13

/** Heights of the lids over the line between the corners of the eye. */
const upperLid = 8
const halfClosedLid = 3
const lowerLid = 5.2

/** Paints eyes and brows, in head coordinates. */
export function paintEyes(brush: Brush, look: Look, eyes: Eyes): void {
  for (const side of [-1, 1] as const) {
    switch (eyes) {
      case 'open':
        paintCrease(brush, look, side)
        paintEyeball(brush, look, side, upperLid)
        break
      case 'half':
        paintLid(brush, look, side)
        paintEyeball(brush, look, side, halfClosedLid)
        break
      case 'closed':
        paintLid(brush, look, side)
        paintLashes(brush, look, side)
    }
    paintBrow(brush, look, side, eyes === 'open' ? 0 : 0.7)
  }
}

/** The opening between two lids: the intersection of two large circles. */
function almond(cx: number, lid: number): Shape {
  const arc = (height: number, down: 1 | -1): Shape => {
    const radius = (reach * reach + height * height) / (2 * height)
    return circle(cx, eyeY + down * (radius - height), radius)
  }
  return intersection(arc(lid, 1), arc(lowerLid, -1))
}

function paintEyeball(brush: Brush, look: Look, side: -1 | 1, lid: number): void {
  const { hair, iris, skin } = look
  const cx = side * eyeX
  const eye = almond(cx, lid)
  brush.fill(eye, (_x, y) =>
    mix([252, 249, 246], [186, 172, 178], smoothstep(eyeY + 1, eyeY - lid, y) * 0.75),
  )
  const inEye = (shape: Shape): Shape => intersection(shape, eye)
  const ix = cx - side * 0.4
  const iy = eyeY - 0.8
  const rim = darken(iris, 0.6)
  const bright = lighten(iris, 0.42)
  brush.fill(inEye(circle(ix, iy, 7)), (x, y) => {
    const out = Math.sqrt((x - ix) ** 2 + (y - iy) ** 2)
    const lit = smoothstep(-3, 6, y - iy) * smoothstep(7, 3.5, out)
    return mix(mix(iris, bright, lit), rim, smoothstep(4.6, 7, out) * 0.85)
  })
  brush.fill(inEye(circle(ix, iy, 3.2)), [14, 10, 14])
  const underLid = stroke(
    [cx - reach, eyeY],
    [cx, eyeY - lid * 2 + 2],
    [cx + reach, eyeY],
    () => 2.4,
  )
  brush.fill(inEye(underLid), [40, 24, 30], { blur: 4, opacity: 0.45 })
  brush.fill(inEye(circle(ix - 2.4, iy - 2.6, 1.9)), [255, 255, 255], { opacity: 0.95 })
  brush.fill(inEye(circle(ix + 2.6, iy + 2.8, 1)), [255, 255, 255], { opacity: 0.55 })

  const inner = cx - side * reach
  const outer = cx + side * reach
  const lash = darken(hair, 0.55)
  const upper = stroke(
    [inner, eyeY + 0.6],
    [cx, eyeY - lid * 2 + 0.4],
    [outer + side * 1.6, eyeY - 1.4],
    (t) => 0.55 + 0.95 * Math.sin(Math.PI * Math.min(t * 0.75 + 0.15, 1)),
  )
  brush.fill(upper, lash, { blur: 1.2 })
  const lower = stroke(
    [inner + side * 3, eyeY + 2.6],
    [cx, eyeY + lowerLid * 2 - 0.4],
    [outer, eyeY],
    () => 0.4,
  )
  brush.fill(lower, mix(darken(skin, 0.5), lash, 0.4), { blur: 1.6, opacity: 0.42 })
}

function paintCrease(brush: Brush, { skin }: Look, side: -1 | 1): void {
  const cx = side * eyeX
  const crease = stroke(
    [cx - side * (reach - 2), eyeY - 4.5],
    [cx, eyeY - upperLid * 2 - 3.4],
    [cx + side * (reach + 1), eyeY - 4.6],
    () => 0.5,
  )
  const shade = mix(darken(skin, 0.42), [130, 50, 50], 0.3)
  brush.fill(crease, shade, { blur: 1.8, opacity: 0.5 })
}

/** Paints the upper lid over the eyeball. */
function paintLid(brush: Brush, { skin }: Look, side: -1 | 1): void {
  const cx = side * eyeX
  const lid = almond(cx, upperLid)
  const shade = mix(darken(skin, 0.16), [170, 80, 74], 0.2)
  brush.fill(lid, (_x, y) => mix(lighten(skin, 0.12), shade, smoothstep(-8, 4, y) * 0.8), {
    blur: 3,
    opacity: 0.8,
  })
}

function paintLashes(brush: Brush, { hair }: Look, side: -1 | 1): void {
  const cx = side * eyeX
  const line = stroke(
    [cx - side * reach, eyeY + 0.4],
    [cx, eyeY + 8.8],
    [cx + side * (reach + 1), eyeY - 0.4],
    (t) => 0.5 + 0.8 * Math.sin(Math.PI * Math.min(t * 0.75 + 0.15, 1)),
  )
  brush.fill(line, darken(hair, 0.5), { blur: 1.2 })
}

function paintBrow(brush: Brush, { hair }: Look, side: -1 | 1, drop: number): void {
  const cx = side * eyeX
  const brow = stroke(
    [cx - side * 12.5, -19.6 + drop],
    [cx + side * 2, -27 + drop],
    [cx + side * 16, -19.4 + drop],
    (t) => 1.9 * (1 - t) ** 0.7 + 0.45,
  )
  brush.fill(brow, darken(hair, 0.12), { blur: 1.9, opacity: 0.8 })
}
