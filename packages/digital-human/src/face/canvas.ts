import { type Bounds, grow } from './bounds'
import type { Rgb } from './colour'
import { clamp, type Shape } from './shape'

/** One colour, or a function that returns the colour of a point at its distance from the shape's edge. */
export type Paint = Rgb | ((x: number, y: number, distance: number) => Rgb)

export interface FillOptions {
  /** Opacity from 0 (invisible) to 1. Default 1. */
  readonly opacity?: number
  /** Width of the edge in the brush's pixels. Default 1: sharp, and smooth to the eye. */
  readonly blur?: number
}

/** An RGB picture with floating-point pixels, so that many soft layers leave no steps. */
export class Canvas {
  readonly width: number
  readonly height: number
  readonly pixels: Float32Array
  /** Painted share of each pixel, 0 to 1; undefined for opaque canvases. */
  readonly cover: Float32Array | undefined

  constructor(
    width: number,
    height: number,
    { transparent = false }: { readonly transparent?: boolean } = {},
  ) {
    this.width = width
    this.height = height
    this.pixels = new Float32Array(width * height * 3)
    this.cover = transparent ? new Float32Array(width * height) : undefined
  }

  /** Copies an area of another canvas of the same size. */
  copyFrom(other: Canvas, { bottom, left, right, top }: Bounds = this.bounds): void {
    for (let row = top; row < bottom; row++) {
      const begin = (row * this.width + left) * 3
      const end = (row * this.width + right) * 3
      this.pixels.set(other.pixels.subarray(begin, end), begin)
      if (other.cover) this.cover?.set(other.cover.subarray(begin / 3, end / 3), begin / 3)
    }
  }

  get bounds(): Bounds {
    return { left: 0, top: 0, right: this.width, bottom: this.height }
  }
}

/** Position of a brush's coordinate system on the canvas. */
export interface Placement {
  readonly x: number
  readonly y: number
  /** Clockwise rotation, in radians. Default 0. */
  readonly angle?: number
  /** Scale factor. Default 1. */
  readonly scale?: number
}

/** Paints on a canvas in its own coordinate system. */
export class Brush {
  readonly canvas: Canvas
  readonly #placement: Placement
  readonly #cos: number
  readonly #sin: number
  readonly #scale: number

  constructor(canvas: Canvas, placement: Placement) {
    this.canvas = canvas
    this.#placement = placement
    const { angle = 0, scale = 1 } = placement
    this.#cos = Math.cos(angle)
    this.#sin = Math.sin(angle)
    this.#scale = scale
  }

  /** Fills a shape. */
  fill(shape: Shape, paint: Paint, options: FillOptions = {}): void {
    const { opacity = 1 } = options
    const blur = options.blur ?? 1 / this.#scale
    const { cover, pixels, width } = this.canvas
    const { bottom, left, right, top } = this.area(grow(shape.bounds, blur))
    const { distance } = shape
    const shade = typeof paint === 'function' ? paint : () => paint
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        const dx = (column + 0.5 - this.#placement.x) / this.#scale
        const dy = (row + 0.5 - this.#placement.y) / this.#scale
        const x = dx * this.#cos + dy * this.#sin
        const y = dy * this.#cos - dx * this.#sin
        const depth = distance(x, y)
        const inside = 0.5 - depth / blur
        if (inside <= 0) continue
        const share = (inside >= 1 ? 1 : inside * inside * (3 - 2 * inside)) * opacity
        const colour = shade(x, y, depth)
        const at = row * width + column
        if (cover) cover[at] = (cover[at] ?? 0) * (1 - share) + share
        const index = at * 3
        pixels[index] = (pixels[index] ?? 0) * (1 - share) + colour[0] * share
        pixels[index + 1] = (pixels[index + 1] ?? 0) * (1 - share) + colour[1] * share
        pixels[index + 2] = (pixels[index + 2] ?? 0) * (1 - share) + colour[2] * share
      }
    }
  }

  /** Returns the canvas pixels under `bounds`. */
  area({ bottom, left, right, top }: Bounds): Bounds {
    const { height, width } = this.canvas
    const corners = [
      [left, top],
      [right, top],
      [left, bottom],
      [right, bottom],
    ] as const
    const xs = corners.map(
      ([x, y]) => this.#placement.x + (x * this.#cos - y * this.#sin) * this.#scale,
    )
    const ys = corners.map(
      ([x, y]) => this.#placement.y + (x * this.#sin + y * this.#cos) * this.#scale,
    )
    return {
      left: clamp(Math.floor(Math.min(...xs)), 0, width),
      top: clamp(Math.floor(Math.min(...ys)), 0, height),
      right: clamp(Math.ceil(Math.max(...xs)), 0, width),
      bottom: clamp(Math.ceil(Math.max(...ys)), 0, height),
    }
  }
}
