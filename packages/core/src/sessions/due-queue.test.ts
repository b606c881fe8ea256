import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DueQueue } from './due-queue'

const item = fc.integer({ min: 0, max: 30 })
const at = fc.integer({ min: 0, max: 50 })
const step = fc.oneof(
  fc.record({ item, at: fc.option(at, { nil: undefined }) }),
  fc.record({ item, at }),
)

it('always knows what is due first and how much is due, whatever was put in, moved and taken out', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), at, item, (steps, by, count) => {
      const queue = new DueQueue<number>()
      const plain = new Map<number, number>()
      for (const { item, at } of steps) {
        if (at === undefined) {
          queue.delete(item)
          plain.delete(item)
        } else {
          queue.set(item, at)
          plain.set(item, at)
        }
        expect(queue.size).toBe(plain.size)
        expect(queue.first?.at).toBe(plain.size > 0 ? Math.min(...plain.values()) : undefined)
      }
      const due = [...plain.values()].filter((moment) => moment <= by).length
      expect(queue.hasDue(count, by)).toBe(due >= count)
      const order: number[] = []
      for (let first = queue.first; first; first = queue.first) {
        expect(plain.get(first.item)).toBe(first.at)
        order.push(first.at)
        queue.delete(first.item)
      }
      expect(order).toEqual([...plain.values()].sort((a, b) => a - b))
    }),
  )
})
