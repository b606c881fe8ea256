/** A rectangle from `left` to `right` and from `top` to `bottom`. */
export interface Bounds {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Returns the smallest rectangle around all rectangles. */
export function hull(all: readonly Bounds[]): Bounds {
  return {
    left: Math.min(...all.map((bounds) => bounds.left)),
    top: Math.min(...all.map((bounds) => bounds.top)),
    right: Math.max(...all.map((bounds) => bounds.right)),
    bottom: Math.max(...all.map((bounds) => bounds.bottom)),
  }
}

/** Returns the intersection of all rectangles. */
export function overlap(all: readonly Bounds[]): Bounds {
  return {
    left: Math.max(...all.map((bounds) => bounds.left)),
    top: Math.max(...all.map((bounds) => bounds.top)),
    right: Math.min(...all.map((bounds) => bounds.right)),
    bottom: Math.min(...all.map((bounds) => bounds.bottom)),
  }
}

/** Returns the rectangle with a margin added on every side. */
export function grow({ bottom, left, right, top }: Bounds, margin: number): Bounds {
  return {
    left: left - margin,
    top: top - margin,
    right: right + margin,
    bottom: bottom + margin,
  }
}
