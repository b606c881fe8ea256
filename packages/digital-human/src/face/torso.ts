import type { Brush } from './canvas'
import { darken, lighten, mix, type Rgb } from './colour'
import type { Look } from './look'
import {
  blend,
  circle,
  ellipse,
  moved,
  polygon,
  roundedBox,
  type Shape,
  smoothstep,
  stroke,
  taper,
} from './shape'

const shoulders = blend(
  26,
  roundedBox(0, 412, 136, 112, 66),
  roundedBox(0, 330, 66, 70, 30),
  taper([-10, 263], [-92, 306], 15, 22),
  taper([10, 263], [92, 306], 15, 22),
)

/** The neck. */
const column = roundedBox(0, 220, 23, 46, 16)

const necklines: Readonly<Record<Look['outfitStyle'], Shape>> = {
  blazer: polygon([-29, 246], [29, 246], [0, 312]),
  shirt: polygon([-28, 244], [28, 244], [0, 294]),
  knit: ellipse(0, 248, 33, 25),
}

/** Paints shoulders, neck and clothes. The origin is 152 units above the middle of the head. */
export function paintTorso(brush: Brush, look: Look): void {
  brush.fill(shoulders, cloth(look.outfit))
  if (look.outfitStyle === 'blazer') paintBlouse(brush, look)
  paintNeck(brush, look)
  switch (look.outfitStyle) {
    case 'blazer':
      paintLapels(brush, look)
      break
    case 'shirt':
      paintShirt(brush, look)
      break
    case 'knit':
      paintKnit(brush, look)
  }
}

/** Paint of cloth: lighter on the shoulder near the light, dark at the sides. */
function cloth(colour: Rgb): (x: number, y: number) => Rgb {
  const light = lighten(colour, 0.2)
  const dark = darken(colour, 0.4)
  return (x, y) => {
    const lit = smoothstep(40, -120, x + (y - 300) * 0.6)
    const side = smoothstep(70, 150, Math.abs(x + 6)) * 0.7 + smoothstep(300, 380, y) * 0.25
    const fromArm = (Math.abs(x) - 97 + (y - 330) * 0.12) / 4
    const arm = Math.exp(-fromArm * fromArm) * smoothstep(316, 350, y)
    return mix(mix(colour, light, lit * 0.7), dark, Math.min(side + arm * 0.4, 1))
  }
}

function paintNeck(brush: Brush, { outfitStyle, skin }: Look): void {
  const shade = mix(darken(skin, 0.34), [150, 60, 50], 0.16)
  brush.fill(blend(10, column, necklines[outfitStyle]), (x, y) => {
    const chin = smoothstep(256, 216, y - Math.abs(x) * 0.2)
    const side = smoothstep(4, 30, x) * 0.3 + smoothstep(12, 30, -x) * 0.16
    return mix(skin, shade, Math.min(chin * 0.8 + side, 1))
  })
  // Paint the collarbones, barely visible.
  for (const side of [-1, 1] as const) {
    const bone = stroke([side * 4, 272], [side * 12, 268], [side * 22, 266], () => 0.8)
    brush.fill(bone, shade, { blur: 4, opacity: outfitStyle === 'knit' ? 0 : 0.25 })
  }
}

function paintBlouse(brush: Brush, { under }: Look): void {
  const shade = darken(under, 0.45)
  brush.fill(polygon([-31, 256], [31, 256], [5, 360], [-5, 360]), (x, y) =>
    mix(under, shade, smoothstep(8, 40, Math.abs(x) + (y - 270) * 0.3) * 0.5),
  )
}

function paintLapels(brush: Brush, { outfit, under }: Look): void {
  const shade = darken(outfit, 0.5)
  for (const side of [-1, 1] as const) {
    const collar = polygon([side * 24, 240], [side * 35, 256], [side * 17, 300], [side * 1, 314])
    brush.fill(moved(collar, -side, 2), darken(under, 0.5), { blur: 5, opacity: 0.4 })
    brush.fill(collar, mix(lighten(under, 0.2), darken(under, 0.25), side === 1 ? 0.5 : 0.1))
    const lapel = polygon(
      [side * 31, 244],
      [side * 49, 263],
      [side * 63, 290],
      [side * 46, 297],
      [side * 51, 305],
      [side * 3, 368],
      [side * 2, 346],
    )
    brush.fill(moved(lapel, side * 1.5, 3), shade, { blur: 7, opacity: 0.7 })
    const light = lighten(outfit, side === -1 ? 0.2 : 0.08)
    brush.fill(lapel, (x, y) => mix(light, outfit, smoothstep(262, 350, y + Math.abs(x) * 0.2)))
  }
}

function paintShirt(brush: Brush, { outfit }: Look): void {
  const seam = darken(outfit, 0.3)
  for (const side of [-1, 1] as const) {
    brush.fill(taper([side * 6, 294], [side * 6, 380], 0.5, 0.5), seam, { opacity: 0.5 })
  }
  for (const y of [310, 340]) brush.fill(circle(0, y, 2.4), darken(outfit, 0.42))
  for (const side of [-1, 1] as const) {
    const collar = polygon([side * 24, 236], [side * 37, 255], [side * 36, 296], [side * 1, 293])
    brush.fill(moved(collar, 1, 3), darken(seam, 0.2), { blur: 7, opacity: 0.55 })
    brush.fill(collar, mix(lighten(outfit, 0.4), outfit, side === 1 ? 0.8 : 0.1))
  }
}

function paintKnit(brush: Brush, { outfit, under }: Look): void {
  const collar = stroke([-33, 244], [0, 304], [33, 244], () => 4.6)
  brush.fill(moved(collar, 0, 3.5), darken(outfit, 0.5), { blur: 8, opacity: 0.5 })
  const light = lighten(under, 0.28)
  brush.fill(collar, (x) => mix(under, light, smoothstep(22, -32, x)))
}
