import type { FrameLayout } from './appearance'
import type { Bounds } from './bounds'
import type { Canvas } from './canvas'
import type { Background, Image } from './image'
import { clamp } from './shape'

/** An image or a colour at a position of the picture, in front of the presenter or behind. */
export interface PictureLayer {
  /** `#rrggbb`, or the address of a PNG or JPEG. */
  readonly url: string
  /** Left edge, in pixels of `frame`. Default 0. */
  readonly x?: number | undefined
  /** Top edge, in pixels of `frame`. Default 0. */
  readonly y?: number | undefined
  /** Width in pixels of `frame`. Default: the image's width; a colour fills the picture. */
  readonly width?: number | undefined
  /** Height in pixels of `frame`. Default: the image's height; a colour fills the picture. */
  readonly height?: number | undefined
  /** Places the layer behind the presenter. Default false. */
  readonly behind?: boolean | undefined
}

/** A layer with its decoded image. */
export interface LoadedLayer {
  readonly layer: PictureLayer
  readonly image: Background
}

/** Coordinate space of layers, in pixels. */
export interface FrameSize {
  readonly width: number
  readonly height: number
}

/** Returns a layer that fills the frame: the image is scaled to cover it and cropped. */
export function coverLayer(image: Background, { height, width }: FrameSize): LoadedLayer {
  const own = 'rgb' in image ? image : { width, height }
  const zoom = Math.max(width / own.width, height / own.height)
  const size = { width: own.width * zoom, height: own.height * zoom }
  const position = { x: (width - size.width) / 2, y: (height - size.height) / 2 }
  return { image, layer: { url: '', ...position, ...size } }
}

/** A layer scaled to the picture, ready to be painted over it many times. */
export class Overlay {
  readonly #bounds: Bounds
  readonly #width: number
  /** Premultiplied red, green and blue, and the opacity. */
  readonly #rgba: Float32Array

  constructor({ image, layer }: LoadedLayer, frame: FrameSize, layout: FrameLayout) {
    const across = layout.pictureWidth / frame.width
    const down = layout.height / frame.height
    const own = 'rgb' in image ? image : frame
    const { height = own.height, width = own.width, x = 0, y = 0 } = layer
    const box = { x: x * across, y: y * down, width: width * across, height: height * down }
    const edge = (at: number, limit: number): number => clamp(Math.round(at), 0, limit)
    this.#bounds = {
      left: edge(box.x, layout.pictureWidth),
      top: edge(box.y, layout.height),
      right: edge(box.x + box.width, layout.pictureWidth),
      bottom: edge(box.y + box.height, layout.height),
    }
    this.#width = this.#bounds.right - this.#bounds.left
    this.#rgba = new Float32Array(this.#width * (this.#bounds.bottom - this.#bounds.top) * 4)
    const colourAt =
      'rgb' in image
        ? (column: number, row: number) => averageOf(image, box, column, row)
        : () => [...image, 1]
    for (let row = this.#bounds.top; row < this.#bounds.bottom; row++) {
      for (let column = this.#bounds.left; column < this.#bounds.right; column++) {
        this.#rgba.set(colourAt(column, row), this.#indexOf(column, row))
      }
    }
  }

  /** Paints the layer over an area of the canvas. */
  paint(canvas: Canvas, area: Bounds = canvas.bounds): void {
    const left = Math.max(area.left, this.#bounds.left)
    const right = Math.min(area.right, this.#bounds.right)
    const bottom = Math.min(area.bottom, this.#bounds.bottom)
    for (let row = Math.max(area.top, this.#bounds.top); row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const from = this.#indexOf(column, row)
        const at = row * canvas.width + column
        const through = 1 - (this.#rgba[from + 3] ?? 0)
        for (let colour = 0; colour < 3; colour++) {
          const under = canvas.pixels[at * 3 + colour] ?? 0
          canvas.pixels[at * 3 + colour] = under * through + (this.#rgba[from + colour] ?? 0)
        }
        if (canvas.cover) canvas.cover[at] = (canvas.cover[at] ?? 0) * through + 1 - through
      }
    }
  }

  #indexOf(column: number, row: number): number {
    return ((row - this.#bounds.top) * this.#width + column - this.#bounds.left) * 4
  }
}

/** Returns the mean of the image pixels under one pixel of the picture, premultiplied. */
function averageOf(
  image: Image,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  column: number,
  row: number,
): number[] {
  const pixel = (at: number, from: number, size: number, limit: number): number =>
    clamp(Math.floor(((at - from) / size) * limit), 0, limit - 1)
  const left = pixel(column, box.x, box.width, image.width)
  const right = Math.max(left, pixel(column + 1, box.x, box.width, image.width) - 1)
  const top = pixel(row, box.y, box.height, image.height)
  const bottom = Math.max(top, pixel(row + 1, box.y, box.height, image.height) - 1)
  const sum = [0, 0, 0, 0]
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const at = y * image.width + x
      const opacity = (image.alpha?.[at] ?? 255) / 255
      for (const colour of [0, 1, 2]) {
        sum[colour] = (sum[colour] ?? 0) + (image.rgb[at * 3 + colour] ?? 0) * opacity
      }
      sum[3] = (sum[3] ?? 0) + opacity
    }
  }
  const count = (right - left + 1) * (bottom - top + 1)
  return sum.map((value) => value / count)
}
