import { Brush, type Canvas } from './canvas'
import { lighten } from './colour'
import { letteringWidth, lettersOf, paintLettering } from './lettering'
import type { Look } from './look'
import { roundedBox } from './shape'

const LETTER_HEIGHT = 11
const LONGEST = 22
const MARGIN = { left: 22, bottom: 24 }
const PADDING = { x: 16, y: 10 }

/** Paints the name at the lower left. Paints nothing when no letter of the name can be written. */
export function paintNamePlate(canvas: Canvas, look: Look, name: string): void {
  const text = lettersOf(name).slice(0, LONGEST).trim()
  if (text === '') return
  const brush = new Brush(canvas, { x: 0, y: 0 })
  const halfWidth = letteringWidth(text, LETTER_HEIGHT) / 2 + PADDING.x
  const halfHeight = LETTER_HEIGHT / 2 + PADDING.y
  const x = MARGIN.left + halfWidth
  const y = canvas.height - MARGIN.bottom - halfHeight
  brush.fill(roundedBox(x, y + 3, halfWidth, halfHeight, 9), [10, 12, 20], {
    blur: 14,
    opacity: 0.35,
  })
  brush.fill(roundedBox(x, y, halfWidth, halfHeight, 9), [22, 26, 38], { opacity: 0.72 })
  const accent = roundedBox(MARGIN.left + 6.5, y, 1.6, LETTER_HEIGHT / 2 + 1, 1.6)
  brush.fill(accent, lighten(look.outfit, 0.45))
  const corner = {
    x: x - halfWidth + PADDING.x + 2,
    y: y - LETTER_HEIGHT / 2,
    height: LETTER_HEIGHT,
  }
  paintLettering(brush, text, corner, [246, 247, 250])
}

/** Returns the default name of an avatar: its key in a readable form. */
export function nameOf(avatar: string): string {
  if (/^[0-9a-f]{20,}$/i.test(avatar)) return avatar.slice(0, 8)
  return avatar.replace(/[-_]+/g, ' ')
}
