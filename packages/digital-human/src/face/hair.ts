import type { Brush } from './canvas'
import { darken, lighten, mix, type Rgb } from './colour'
import type { HairStyle, Look } from './look'
import {
  blend,
  circle,
  ellipse,
  glow,
  intersection,
  levelSet,
  moved,
  roundedBox,
  type Shape,
  smoothstep,
  stroke,
  taper,
  union,
} from './shape'

/** The parting of the hair. */
const partX = 16

/** Paints the hair behind the face, in head coordinates. */
export function paintHairBehind(brush: Brush, { hair, hairStyle }: Look): void {
  brush.fill(behind[hairStyle], strands(darken(hair, 0.3), 0.5))
}

/** Paints the hair over the forehead and beside the cheeks. */
export function paintHairInFront(brush: Brush, { hair, hairStyle }: Look): void {
  const shape = inFront[hairStyle]
  const shadow = intersection(moved(shape, 1, 6), ellipse(0, 2, 53, 72))
  brush.fill(shadow, [70, 30, 24], { blur: 12, opacity: 0.3 })
  brush.fill(shape, strands(hair, 1))
}

const behind: Readonly<Record<HairStyle, Shape>> = {
  long: blend(24, ellipse(0, -13, 65, 72), roundedBox(0, 54, 66, 78, 30), ellipse(0, 100, 71, 38)),
  bob: blend(22, ellipse(0, -13, 65, 72), roundedBox(0, 22, 69, 58, 30)),
  short: ellipse(0, -16, 60, 66),
  bun: blend(8, ellipse(0, -14, 61, 68), circle(6, -92, 22)),
}

const inFront: Readonly<Record<HairStyle, Shape>> = {
  long: blend(6, crown('long'), lock(-1, 126), lock(1, 126)),
  bob: blend(6, crown('bob'), lock(-1, 66), lock(1, 66)),
  short: blend(
    4,
    crown('short'),
    taper([-55, -20], [-53.5, 8], 4.6, 1.6),
    taper([55, -20], [53.5, 8], 4.6, 1.6),
  ),
  bun: union(
    crown('bun'),
    stroke([-54, -22], [-61, 12], [-51, 34], (t) => 3 * (1 - t) + 0.4),
  ),
}

function crown(style: HairStyle): Shape {
  const outer = style === 'short' ? ellipse(0, -17, 61, 68) : ellipse(0, -13, 64.5, 72)
  return intersection(
    outer,
    levelSet(outer.bounds, (x, y) => y - hairline(style, x)),
  )
}

/** Returns the lower edge of the hair at `x`: highest at the parting, low at the temples. */
function hairline(style: HairStyle, x: number): number {
  const high = style === 'short' ? -46 : -48
  const low = style === 'short' ? -14 : 10
  const left = (partX - x) / (partX + 56)
  const right = (x - partX) / (56 - partX)
  return left > 0
    ? high + (low - high) * left ** (style === 'short' ? 2.6 : 2.1)
    : high + (low - high) * right ** 1.9
}

/** Returns the strand beside a cheek, down to `length`. */
function lock(side: -1 | 1, length: number): Shape {
  const long = length > 80
  return stroke(
    [side * 55, -24],
    [side * (long ? 72 : 70), length * 0.42],
    [side * (long ? 62 : 50), length],
    (t) => (long ? 6 + 9 * Math.sin(Math.PI * Math.min(t * 0.72 + 0.1, 1)) : 6 + 7 * t * (2 - t)),
  )
}

/** Paint of fine strands that fan out from the parting and fall, with a band of shine. */
function strands(colour: Rgb, shine: number): (x: number, y: number) => Rgb {
  const light = lighten(mix(colour, [190, 120, 70], 0.3), 0.3)
  const dark = darken(colour, 0.5)
  return (x, y) => {
    const fall = smoothstep(-30, 16, y)
    const fanned = fall < 1 ? ripple(Math.atan2(y + 76, x - partX) * 21) : 0
    const fallen = fall > 0 ? ripple(x * 0.5 + Math.sign(x) * 12) : 0
    const fine = fanned * (1 - fall) + fallen * fall
    const out = Math.sqrt((x + 8) * (x + 8) + (y + 4) * (y + 4) * 0.81)
    const halo = (out - 47) / 9
    const band = Math.exp(-halo * halo) * (1 - fall) * (x < 30 ? 1 : 0.6)
    const lower = glow(x, y, -60, 58, 16, 46) * 0.34 + glow(x, y, 60, 64, 10, 40) * 0.16
    const depth = smoothstep(40, 82, out) * (1 - fall * 0.5)
    const base = mix(colour, dark, 0.2 + depth * 0.3 - fine * 0.2)
    const gleam = band * (0.25 + 0.3 * fine) + lower * (0.4 + fine) + fine * 0.05
    return mix(base, light, shine * gleam)
  }
}

/** Returns a value between 0 and 1 that waves unevenly with the phase. */
function ripple(phase: number): number {
  return 0.5 + 0.25 * Math.sin(phase) + 0.25 * Math.sin(phase * 2.3 + 1.3)
}
