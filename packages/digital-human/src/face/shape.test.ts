import { describe, expect, it } from 'vitest'
import { Brush, Canvas } from './canvas'
import {
  blend,
  circle,
  ellipse,
  intersection,
  levelSet,
  moved,
  polygon,
  roundedBox,
  type Shape,
  stroke,
  taper,
  union,
} from './shape'

const shapes: readonly (readonly [string, Shape])[] = [
  ['circle', circle(10, 12, 5)],
  ['ellipse', ellipse(10, 12, 7, 3)],
  ['rounded box', roundedBox(10, 12, 6, 4, 2)],
  ['taper', taper([4, 4], [14, 16], 1, 3)],
  ['stroke', stroke([2, 14], [10, 0], [18, 14], () => 1.5)],
  ['polygon', polygon([2, 2], [18, 4], [10, 18])],
  ['union', union(circle(5, 5, 3), circle(14, 14, 3))],
  ['blend', blend(6, circle(7, 10, 4), circle(13, 10, 4))],
  ['intersection', intersection(circle(7, 10, 5), circle(12, 10, 5))],
  ['moved', moved(circle(4, 4, 3), 6, 5)],
  [
    'level set',
    levelSet(
      { left: 2, top: 2, right: 18, bottom: 18 },
      (x, y) => (x - 10) ** 2 + (y - 10) ** 2 - 36,
    ),
  ],
]

describe('shapes', () => {
  it.each(shapes)('%s lies inside its bounds', (_name, { bounds, distance }) => {
    let inside = 0
    for (let x = -10; x <= 30; x += 0.5) {
      for (let y = -10; y <= 30; y += 0.5) {
        if (distance(x, y) >= 0) continue
        inside += 1
        expect(x).toBeGreaterThanOrEqual(bounds.left)
        expect(x).toBeLessThanOrEqual(bounds.right)
        expect(y).toBeGreaterThanOrEqual(bounds.top)
        expect(y).toBeLessThanOrEqual(bounds.bottom)
      }
    }
    expect(inside).toBeGreaterThan(20)
  })

  it.each(shapes)('%s has distances in pixels near its edge', (_name, { distance }) => {
    const step = 0.01
    let edges = 0
    for (let x = -5; x <= 25; x += 0.37) {
      for (let y = -5; y <= 25; y += 0.37) {
        if (Math.abs(distance(x, y)) > 0.3) continue
        const dx = (distance(x + step, y) - distance(x - step, y)) / (2 * step)
        const dy = (distance(x, y + step) - distance(x, y - step)) / (2 * step)
        edges += 1
        expect(Math.hypot(dx, dy)).toBeLessThan(1.4)
      }
    }
    expect(edges).toBeGreaterThan(5)
  })
})

describe('brush', () => {
  const covered = (brush: Brush, shape: Shape): number => {
    brush.fill(shape, [1, 1, 1])
    return brush.canvas.pixels.reduce((sum, value) => sum + value, 0) / 3
  }

  it('keeps the area of a shape at any position between the pixels', () => {
    for (const x of [20, 20.25, 20.5, 20.9]) {
      const brush = new Brush(new Canvas(40, 40), { x, y: 20 })
      expect(covered(brush, circle(0, 0, 8)) / (Math.PI * 64)).toBeCloseTo(1, 2)
    }
  })

  it('turns and scales shapes', () => {
    const brush = new Brush(new Canvas(60, 60), { x: 30, y: 30, angle: Math.PI / 2, scale: 2 })
    brush.fill(roundedBox(10, 0, 4, 2, 0), [255, 0, 0])
    const red = (x: number, y: number) => brush.canvas.pixels[(y * 60 + x) * 3]
    expect(red(30, 50)).toBe(255) // 10 to the right has become 20 down
    expect(red(50, 30)).toBe(0)
  })

  it('clips shapes at the edges of the canvas', () => {
    const brush = new Brush(new Canvas(10, 10), { x: 0, y: 0 })
    expect(covered(brush, circle(0, 0, 5))).toBeCloseTo((Math.PI * 25) / 4, 0)
    expect(covered(new Brush(new Canvas(10, 10), { x: 500, y: 500 }), circle(0, 0, 5))).toBe(0)
  })
})
