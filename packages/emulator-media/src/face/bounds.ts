/** A rectangle: everything from `left` to `right` and from `top` to `bottom`. */
export interface Bounds {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** The smallest rectangle around all of them. */
export function hull(all: readonly Bounds[]): Bounds {
  return {
    left: Math.min(...all.map((bounds) => bounds.left)),
    top: Math.min(...all.map((bounds) => bounds.top)),
    right: Math.max(...all.map((bounds) => bounds.right)),
    bottom: Math.max(...all.map((bounds) => bounds.bottom)),
  }
}

/** What all of them have in common. */
export function overlap(all: readonly Bounds[]): Bounds {
  return {
    left: Math.max(...all.map((bounds) => bounds.left)),
    top: Math.max(...all.map((bounds) => bounds.top)),
    right: Math.min(...all.map((bounds) => bounds.right)),
    bottom: Math.min(...all.map((bounds) => bounds.bottom)),
  }
}

export function grow({ bottom, left, right, top }: Bounds, margin: number): Bounds {
  return {
    left: left - margin,
    top: top - margin,
    right: right + margin,
    bottom: bottom + margin,
  }
}
