import { Brush, type Canvas } from './canvas'
import { lighten } from './colour'
import { letteringWidth, lettersOf, paintLettering } from './lettering'
import type { Look } from './look'
import { roundedBox } from './shape'

const letterHeight = 11
const longest = 22
const margin = { left: 22, bottom: 24 }
const padding = { x: 16, y: 10 }

/** Paints the name at the lower left. Paints nothing when no letter of the name can be written. */
export function paintNamePlate(canvas: Canvas, look: Look, name: string): void {
  const text = lettersOf(name).slice(0, longest).trim()
  if (text === '') return
  const brush = new Brush(canvas, { x: 0, y: 0 })
  const halfWidth = letteringWidth(text, letterHeight) / 2 + padding.x
  const halfHeight = letterHeight / 2 + padding.y
  const x = margin.left + halfWidth
  const y = canvas.height - margin.bottom - halfHeight
  brush.fill(roundedBox(x, y + 3, halfWidth, halfHeight, 9), [10, 12, 20], {
    blur: 14,
    opacity: 0.35,
  })
  brush.fill(roundedBox(x, y, halfWidth, halfHeight, 9), [22, 26, 38], { opacity: 0.72 })
  const accent = roundedBox(margin.left + 6.5, y, 1.6, letterHeight / 2 + 1, 1.6)
  brush.fill(accent, lighten(look.outfit, 0.45))
  const corner = {
    x: x - halfWidth + padding.x + 2,
    y: y - letterHeight / 2,
    height: letterHeight,
  }
  paintLettering(brush, text, corner, [246, 247, 250])
}

/** Returns the default name of an avatar: its key in a readable form. */
export function nameOf(avatar: string): string {
  if (/^[0-9a-f]{20,}$/i.test(avatar)) return avatar.slice(0, 8)
  return avatar.replace(/[-_]+/g, ' ')
}
