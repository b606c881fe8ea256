import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../testing/virtual-clock'
import { createDeadlines, Deadline } from './deadlines'

class Marked extends Deadline {
  constructor(
    readonly name: string,
    readonly seen: string[],
    readonly then: () => void = () => {},
  ) {
    super()
  }
  over(): void {
    this.seen.push(this.name)
    this.then()
  }
}

function setUp() {
  const clock = createVirtualClock()
  const seen: string[] = []
  const deadlines = createDeadlines(clock)
  const start = (name: string, lengthMs: number, then?: () => void) => {
    const deadline = new Marked(name, seen, then)
    deadlines.start(deadline, lengthMs)
    return deadline
  }
  return { clock, seen, deadlines, start }
}

describe('shared deadlines', () => {
  it('each is over at its own time, with one timer per length', async () => {
    const { clock, seen, start } = setUp()
    start('a', 100)
    await clock.advance(30)
    start('b', 100)
    start('c', 50)
    expect(clock.pending).toBe(2)
    await clock.advance(49)
    expect(seen).toEqual([])
    await clock.advance(1)
    expect(seen).toEqual(['c'])
    await clock.advance(20)
    expect(seen).toEqual(['c', 'a'])
    await clock.advance(29)
    expect(seen).toEqual(['c', 'a'])
    await clock.advance(1)
    expect(seen).toEqual(['c', 'a', 'b'])
    expect(clock.pending).toBe(0)
  })

  it('a cancelled one is never over, wherever it stands, and the last takes the timer along', async () => {
    const { clock, seen, deadlines, start } = setUp()
    const [a, b, c, d] = [start('a', 100), start('b', 100), start('c', 100), start('d', 100)]
    deadlines.cancel(b)
    deadlines.cancel(a)
    deadlines.cancel(d)
    deadlines.cancel(d)
    await clock.advance(100)
    expect(seen).toEqual(['c'])
    deadlines.cancel(c)
    const e = start('e', 100)
    expect(clock.pending).toBe(1)
    deadlines.cancel(e)
    expect(clock.pending).toBe(0)
  })

  it('what is started while another ends is kept', async () => {
    const { clock, seen, start } = setUp()
    start('a', 100, () => void start('b', 100))
    await clock.advance(199)
    expect(seen).toEqual(['a'])
    await clock.advance(1)
    expect(seen).toEqual(['a', 'b'])
    expect(clock.pending).toBe(0)
  })

  it('one that throws keeps no other waiting', async () => {
    const { clock, seen, start } = setUp()
    start('a', 100, () => expect.fail('thrown'))
    start('b', 100)
    await clock.advance(50)
    start('c', 100)
    await expect(clock.advance(50)).rejects.toThrow('thrown')
    await clock.advance(50)
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  it('the local clock set back by a day does not make anything wait for a day', async () => {
    const { clock, seen } = setUp()
    let setBackMs = 0
    const wrong = { ...clock, now: () => clock.now() - setBackMs }
    const deadlines = createDeadlines(wrong)
    deadlines.start(new Marked('a', seen), 100)
    await clock.advance(50)
    deadlines.start(new Marked('b', seen), 100)
    setBackMs = 86_400_000
    await clock.advance(50)
    expect(seen).toEqual(['a'])
    await clock.advance(50)
    expect(seen).toEqual(['a', 'b'])
  })

  it('a timer that can rest is used again, and only the last one rests', async () => {
    const { clock, seen } = setUp()
    const told: string[] = []
    const restful = {
      now: clock.now,
      after(delayMs: number, callback: () => void) {
        const cancel = clock.after(delayMs, callback)
        const name = `${delayMs}`
        return Object.assign(
          () => {
            told.push(`${name} cancelled`)
            cancel()
          },
          { rest: (resting: boolean) => void told.push(`${name} ${resting ? 'rests' : 'wakes'}`) },
        )
      },
    }
    const deadlines = createDeadlines(restful)
    const start = (name: string, lengthMs: number) => {
      const deadline = new Marked(name, seen)
      deadlines.start(deadline, lengthMs)
      return deadline
    }
    deadlines.cancel(start('a', 100))
    await clock.advance(40)
    const b = start('b', 100)
    expect(told).toEqual(['100 rests', '100 wakes'])
    deadlines.cancel(start('c', 50))
    deadlines.cancel(b)
    expect(told.slice(2)).toEqual(['50 rests', '50 cancelled', '100 rests'])
    start('d', 100)
    await clock.advance(99)
    expect(seen).toEqual([])
    await clock.advance(1)
    expect(seen).toEqual(['d'])
    expect(clock.pending).toBe(0)
  })
})
