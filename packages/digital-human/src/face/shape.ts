import { type Bounds, grow, hull, overlap } from './bounds'

/** Returns the distance of (x, y) from an edge in pixels; negative inside. */
export type Distance = (x: number, y: number) => number

/**
 * A shape as a signed distance and a rectangle around it. Edges that are drawn from distances are smooth
 * at any position between the pixels.
 */
export interface Shape {
  readonly distance: Distance
  readonly bounds: Bounds
}

export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value))
}

/** Returns 0 at `from` and 1 at `to`, with soft ends. */
export function smoothstep(from: number, to: number, value: number): number {
  const t = clamp((value - from) / (to - from), 0, 1)
  return t * t * (3 - 2 * t)
}

/** Returns the brightness of a soft spot: 1 in the middle, fading over `rx` and `ry`. */
export function glow(x: number, y: number, cx: number, cy: number, rx: number, ry: number): number {
  const u = (x - cx) / rx
  const v = (y - cy) / ry
  const far = u * u + v * v
  return far > 9 ? 0 : Math.exp(-far)
}

// Do not use Math.hypot: its guard against overflow would make drawing twice as slow.
function length(x: number, y: number): number {
  return Math.sqrt(x * x + y * y)
}

function boxAround(cx: number, cy: number, halfWidth: number, halfHeight: number): Bounds {
  return {
    left: cx - halfWidth,
    top: cy - halfHeight,
    right: cx + halfWidth,
    bottom: cy + halfHeight,
  }
}

export function circle(cx: number, cy: number, radius: number): Shape {
  return {
    distance: (x, y) => length(x - cx, y - cy) - radius,
    bounds: boxAround(cx, cy, radius, radius),
  }
}

/** An ellipse with a first-order distance, which is exact on the edge. */
export function ellipse(cx: number, cy: number, rx: number, ry: number): Shape {
  return {
    distance: (x, y) => {
      const u = (x - cx) / rx
      const v = (y - cy) / ry
      const near = length(u, v)
      const slope = length(u / rx, v / ry)
      return slope < 1e-6 ? -Math.min(rx, ry) : (near * (near - 1)) / slope
    },
    bounds: boxAround(cx, cy, rx, ry),
  }
}

export function roundedBox(
  cx: number,
  cy: number,
  halfWidth: number,
  halfHeight: number,
  radius: number,
): Shape {
  return {
    distance: (x, y) => {
      const u = Math.abs(x - cx) - halfWidth + radius
      const v = Math.abs(y - cy) - halfHeight + radius
      return Math.min(Math.max(u, v), 0) + length(Math.max(u, 0), Math.max(v, 0)) - radius
    },
    bounds: boxAround(cx, cy, halfWidth, halfHeight),
  }
}

export type Point = readonly [x: number, y: number]

/** A straight stroke; its radius changes from `fromRadius` to `toRadius`. */
export function taper(from: Point, to: Point, fromRadius: number, toRadius: number): Shape {
  const dx = to[0] - from[0]
  const dy = to[1] - from[1]
  const length2 = dx * dx + dy * dy
  return {
    distance: (x, y) => {
      const t = clamp(((x - from[0]) * dx + (y - from[1]) * dy) / length2, 0, 1)
      const reach = length(x - from[0] - t * dx, y - from[1] - t * dy)
      return reach - fromRadius - t * (toRadius - fromRadius)
    },
    bounds: hull([
      boxAround(from[0], from[1], fromRadius, fromRadius),
      boxAround(to[0], to[1], toRadius, toRadius),
    ]),
  }
}

const strokeParts = 8

/**
 * A stroke along a quadratic curve from `from` to `to` with the control point `control`. `radius`
 * returns half of its width at 0 (start) to 1 (end).
 */
export function stroke(
  from: Point,
  control: Point,
  to: Point,
  radius: (t: number) => number,
): Shape {
  const at = (t: number): Point => {
    const s = 1 - t
    return [
      s * s * from[0] + 2 * s * t * control[0] + t * t * to[0],
      s * s * from[1] + 2 * s * t * control[1] + t * t * to[1],
    ]
  }
  const parts: Shape[] = []
  for (let index = 0; index < strokeParts; index++) {
    const begin = index / strokeParts
    const end = (index + 1) / strokeParts
    parts.push(taper(at(begin), at(end), radius(begin), radius(end)))
  }
  return union(...parts)
}

/** A polygon with its corners in order. */
export function polygon(...corners: readonly Point[]): Shape {
  const edges = corners.map(([x, y], index) => {
    const [nextX, nextY] = corners[(index + 1) % corners.length] ?? [x, y]
    const dx = nextX - x
    const dy = nextY - y
    return { x, y, dx, dy, nextY, perLength2: 1 / (dx * dx + dy * dy) }
  })
  return {
    distance: (x, y) => {
      let nearest2 = Number.POSITIVE_INFINITY
      let inside = false
      for (const edge of edges) {
        const fromX = x - edge.x
        const fromY = y - edge.y
        const t = clamp((fromX * edge.dx + fromY * edge.dy) * edge.perLength2, 0, 1)
        const offX = fromX - edge.dx * t
        const offY = fromY - edge.dy * t
        const off2 = offX * offX + offY * offY
        if (off2 < nearest2) nearest2 = off2
        // A ray from a point inside crosses the outline an odd number of times.
        if (edge.y > y !== edge.nextY > y && fromX < (edge.dx * fromY) / edge.dy) inside = !inside
      }
      return inside ? -Math.sqrt(nearest2) : Math.sqrt(nearest2)
    },
    bounds: hull(corners.map(([x, y]) => boxAround(x, y, 0, 0))),
  }
}

export function union(...shapes: readonly Shape[]): Shape {
  const distances = shapes.map((shape) => shape.distance)
  return {
    distance: (x, y) => {
      let nearest = Number.POSITIVE_INFINITY
      for (const distance of distances) {
        const value = distance(x, y)
        if (value < nearest) nearest = value
      }
      return nearest
    },
    bounds: hull(shapes.map((shape) => shape.bounds)),
  }
}

/** A union with seams that are rounded over `softness` pixels. */
export function blend(softness: number, ...shapes: readonly Shape[]): Shape {
  const distances = shapes.map((shape) => shape.distance)
  return {
    distance: (x, y) => {
      let nearest = Number.POSITIVE_INFINITY
      for (const distance of distances) {
        const value = distance(x, y)
        const close = Math.max(softness - Math.abs(nearest - value), 0) / softness
        nearest = Math.min(nearest, value) - (close * close * softness) / 4
      }
      return nearest
    },
    bounds: grow(hull(shapes.map((shape) => shape.bounds)), softness / 4),
  }
}

export function intersection(...shapes: readonly Shape[]): Shape {
  const distances = shapes.map((shape) => shape.distance)
  return {
    distance: (x, y) => {
      let furthest = Number.NEGATIVE_INFINITY
      for (const distance of distances) {
        const value = distance(x, y)
        if (value > furthest) furthest = value
      }
      return furthest
    },
    bounds: overlap(shapes.map((shape) => shape.bounds)),
  }
}

/** Returns the shape moved by `dx` and `dy`. */
export function moved({ bounds, distance }: Shape, dx: number, dy: number): Shape {
  return {
    distance: (x, y) => distance(x - dx, y - dy),
    bounds: {
      left: bounds.left + dx,
      top: bounds.top + dy,
      right: bounds.right + dx,
      bottom: bounds.bottom + dy,
    },
  }
}

/**
 * The area inside `bounds` where `level` is negative. `level` may be any smooth function: divided by its
 * slope it becomes a distance.
 */
export function levelSet(bounds: Bounds, level: Distance): Shape {
  const step = 0.5
  return {
    distance: (x, y) => {
      const here = level(x, y)
      const dx = level(x + step, y) - here
      const dy = level(x, y + step) - here
      return here / Math.max(length(dx, dy) / step, 0.2)
    },
    bounds,
  }
}
