import type { FrameLayout } from './appearance'
import type { Bounds } from './bounds'
import { Canvas } from './canvas'
import { writeYuv } from './yuv'

/** Minimum cover of a visible pixel. The colour of a pixel with less cover does not matter. */
const transparent = 0.004

/** A frame with the picture on the left and its opacity as grey on the right (1240/112140). */
export class AlphaSheet {
  readonly #sheet: Canvas
  readonly #alphaX: number

  constructor({ alphaX, height, pictureWidth, width }: FrameLayout) {
    this.#sheet = new Canvas(width, height)
    this.#alphaX = alphaX ?? pictureWidth
  }

  /** Fills the whole frame with black, including the gap between the two halves. */
  clear(target: Uint8Array): void {
    writeYuv(this.#sheet, target, this.#sheet.bounds)
  }

  write(picture: Canvas, target: Uint8Array, area: Bounds): void {
    const { pixels } = this.#sheet
    for (let row = area.top; row < area.bottom; row++) {
      for (let column = area.left; column < area.right; column++) {
        const from = row * picture.width + column
        const to = row * this.#sheet.width + column
        const cover = picture.cover?.[from] ?? 1
        // Undo the darkening of transparent edges, because the player multiplies by the opacity again.
        const undo = cover > transparent ? 1 / cover : 0
        for (let colour = 0; colour < 3; colour++) {
          pixels[to * 3 + colour] = (picture.pixels[from * 3 + colour] ?? 0) * undo
          pixels[(to + this.#alphaX) * 3 + colour] = cover * 255
        }
      }
    }
    writeYuv(this.#sheet, target, area)
    writeYuv(this.#sheet, target, {
      ...area,
      left: area.left + this.#alphaX,
      right: area.right + this.#alphaX,
    })
  }
}
