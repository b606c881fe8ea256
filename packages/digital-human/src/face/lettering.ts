import type { Brush, Paint } from './canvas'
import { type Point, taper, union } from './shape'

/**
 * Letters as pen strokes on a grid, 4 wide and 6 high: two digits per point, spaces between strokes. A
 * round pen makes them smooth at any size, without a font file.
 */
const glyphs: Readonly<Record<string, string>> = {
  A: '062046 1434',
  B: '06003041423303 3344453606',
  C: '4130100105163645',
  D: '06002042442606',
  E: '40000646 0333',
  F: '400006 0333',
  G: '4130100105163645432343',
  H: '0006 4046 0343',
  I: '1030 2026 1636',
  J: '4045361605',
  K: '0006 4003 1346',
  L: '000646',
  M: '0600234046',
  N: '06004640',
  O: '103041453616050110',
  P: '06003041423303',
  Q: '103041453616050110 3547',
  R: '06003041423303 2346',
  S: '413010010213334445361605',
  T: '0040 2026',
  U: '000516364540',
  V: '002640',
  W: '0016233640',
  X: '0046 4006',
  Y: '002340 2326',
  Z: '00400646',
  0: '103041453616050110 1531',
  1: '112026 1636',
  2: '01103041420646',
  3: '0010304142331333444536160506',
  4: '36300444',
  5: '40000333444536160505',
  6: '4130100105163645443303',
  7: '004016',
  8: '103041423313020110 13040516364544 3344',
  9: '4313020110304145361605',
  '-': '1333',
  '.': '2626',
  ',': '2617',
  "'": '2021',
  '&': '46110110203122040516264443',
  '/': '0640',
  ':': '2222 2525',
  '(': '30111536',
  ')': '10313516',
  '+': '1333 2224',
  '!': '2024 2626',
  '?': '0110304142232424 2626',
}

const advance = 6
const space = 3.4

/** Returns the letters of a text that can be written: capitals, digits and a few marks. */
export function lettersOf(text: string): string {
  return [...text.normalize('NFD').toUpperCase()]
    .filter((letter) => letter === ' ' || letter in glyphs)
    .join('')
    .trim()
}

/** Returns the width of a text in pixels for letters of this `height`. */
export function letteringWidth(text: string, height: number): number {
  const units = [...text].reduce((sum, letter) => sum + (letter === ' ' ? space : advance), -2)
  return (units * height) / 6
}

/** Writes a text with its upper left corner at `x` and `y`. */
export function paintLettering(
  brush: Brush,
  text: string,
  { height, x, y }: { readonly x: number; readonly y: number; readonly height: number },
  paint: Paint,
): void {
  const unit = height / 6
  let left = x
  for (const letter of text) {
    for (const stroke of (glyphs[letter] ?? '').split(' ')) {
      const points = (stroke.match(/\d\d/g) ?? []).map(
        (digits): Point => [left + Number(digits[0]) * unit, y + Number(digits[1]) * unit],
      )
      const lines = points.slice(1).map((to, index) => {
        const [fromX, fromY] = points[index] ?? to
        // Turn a dot into a very short stroke, because a stroke needs a length.
        const from: Point =
          fromX === to[0] && fromY === to[1] ? [fromX - 0.01, fromY] : [fromX, fromY]
        return taper(from, to, unit * 0.48, unit * 0.48)
      })
      if (lines.length > 0) brush.fill(union(...lines), paint)
    }
    left += (letter === ' ' ? space : advance) * unit
  }
}
