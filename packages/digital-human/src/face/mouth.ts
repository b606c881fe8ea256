import type { Bounds } from './bounds'
import type { Brush } from './canvas'
import { darken, lighten, mix } from './colour'
import type { Mouth } from './expression'
import type { Look } from './look'
import {
  ellipse,
  glow,
  intersection,
  levelSet,
  roundedBox,
  type Shape,
  smoothstep,
  stroke,
} from './shape'

/** The area that {@link paintMouth} paints, in head coordinates. */
export const mouthBounds: Bounds = { left: -32, top: 26, right: 32, bottom: 74 }

const mouthY = 43

interface MouthForm {
  /** Half the width between the corners. */
  readonly reach: number
  /** Distance between the lips in the middle. */
  readonly gap: number
  /** Height of the corners over the middle. */
  readonly smile: number
  /** Thickness of the lower lip; the upper lip has two thirds of it. */
  readonly lip: number
}

const forms: Readonly<Record<Mouth, MouthForm>> = {
  smile: { reach: 19.5, gap: 0, smile: 5.4, lip: 5.2 },
  small: { reach: 17.5, gap: 4.5, smile: 2.8, lip: 4.9 },
  middle: { reach: 17.5, gap: 9, smile: 2.4, lip: 4.7 },
  wide: { reach: 18, gap: 14.5, smile: 2, lip: 4.5 },
  round: { reach: 10.5, gap: 9.5, smile: 0, lip: 5 },
  spread: { reach: 20.5, gap: 6, smile: 4.2, lip: 4.3 },
}

/** The curves of a mouth: y as a function of x. */
interface MouthLines {
  readonly middle: (x: number) => number
  /** 1 in the middle, 0 at the corners. */
  readonly bulge: (x: number) => number
  readonly upper: (x: number) => number
  readonly lower: (x: number) => number
}

function linesOf({ gap, reach, smile }: MouthForm): MouthLines {
  const middle = (x: number): number => mouthY + smile * 0.5 - smile * (x / reach) ** 2
  const bulge = (x: number): number => Math.sqrt(Math.max(1 - (x / reach) ** 2, 0))
  return {
    middle,
    bulge,
    upper: (x) => middle(x) - gap * 0.34 * bulge(x),
    lower: (x) => middle(x) + gap * 0.66 * bulge(x),
  }
}

/** Paints lips, teeth and tongue, in head coordinates. */
export function paintMouth(brush: Brush, look: Look, mouth: Mouth): void {
  const form = forms[mouth]
  const lines = linesOf(form)
  paintLips(brush, look, form, lines)
  if (form.gap > 0) paintInside(brush, form, between(form.reach, lines.upper, lines.lower))
  else paintSeam(brush, look, form, lines)
  const shade = lipShadow(look)
  for (const side of [-1, 1] as const) {
    const corner = ellipse(side * (form.reach + 1), lines.middle(form.reach), 1.7, 1.3)
    brush.fill(corner, shade, { blur: 3, opacity: 0.6 })
  }
}

/** Returns the area between two curves that meet at the corners. */
function between(reach: number, top: (x: number) => number, bottom: (x: number) => number): Shape {
  const bounds = { left: -reach, top: top(0) - 8, right: reach, bottom: bottom(0) + 3 }
  return levelSet(bounds, (x, y) => Math.max(top(x) - y, y - bottom(x), Math.abs(x) - reach))
}

function lipShadow({ skin }: Look) {
  return mix(darken(skin, 0.3), [150, 60, 50], 0.3)
}

function paintLips(brush: Brush, look: Look, form: MouthForm, lines: MouthLines): void {
  const { lips } = look
  const { lip, reach } = form
  const { bulge, lower, upper } = lines
  const below = lower(0) + lip
  const shadow = ellipse(0, below + 4, reach * 0.5, 2.4)
  brush.fill(shadow, lipShadow(look), { blur: 6, opacity: 0.4 })

  // The upper lip dips in the middle, between the two peaks of Cupid's bow.
  const bow = (x: number): number => 1 - 0.22 * Math.exp(-((x / 3.4) ** 2))
  const upperLip = between(reach, (x) => upper(x) - lip * 0.74 * bow(x) * bulge(x) ** 1.2, upper)
  const near = darken(lips, 0.1)
  const far = darken(lips, 0.28)
  brush.fill(upperLip, (x) => mix(near, far, smoothstep(-6, 24, x)), { blur: 1.5 })

  const lowerLip = between(reach, lower, (x) => lower(x) + lip * bulge(x) ** 0.9)
  const shade = darken(lips, 0.2)
  const wet = lighten(lips, 0.7)
  brush.fill(
    lowerLip,
    (x, y) => {
      const gleam = glow(x, y, -3, lower(x) + lip * 0.42, 6.5, 1.5)
      return mix(mix(lips, shade, smoothstep(0, 22, x)), wet, gleam * 0.5)
    },
    { blur: 1.5 },
  )
}

/** Paints the line between closed lips. */
function paintSeam(brush: Brush, { lips }: Look, { reach, smile }: MouthForm, lines: MouthLines) {
  const end = lines.middle(reach)
  const seam = stroke(
    [-reach - 0.8, end - 0.3],
    [0, end + smile * 2],
    [reach + 0.8, end - 0.3],
    (t) => 0.35 + 0.3 * Math.sin(Math.PI * t),
  )
  brush.fill(seam, mix(darken(lips, 0.6), [60, 14, 20], 0.3), { blur: 1.3, opacity: 0.8 })
}

function paintInside(brush: Brush, { gap, reach, smile }: MouthForm, opening: Shape): void {
  const top = mouthY + smile * 0.5 - gap * 0.34
  const bottom = top + gap
  brush.fill(opening, (_x, y) => mix([52, 14, 20], [96, 30, 34], smoothstep(top, bottom, y)))
  const tongue = intersection(ellipse(0, bottom + 1.5, reach * 0.62, gap * 0.42), opening)
  brush.fill(tongue, [196, 92, 94], { blur: 2.4, opacity: 0.85 })
  const height = Math.min(1.6 + gap * 0.2, 4.2)
  const teeth = intersection(roundedBox(0, top - 4 + height, reach * 0.74, 4.6, 3), opening)
  const shaded = (x: number) => smoothstep(4, 16, Math.abs(x))
  brush.fill(teeth, (x) => mix([250, 247, 242], [206, 192, 188], shaded(x)), { blur: 1.3 })
}
