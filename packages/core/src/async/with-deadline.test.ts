import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../testing/virtual-clock'
import { withDeadline } from './with-deadline'

const never = () => new Promise<never>(() => {})

describe('withDeadline', () => {
  it('passes a value through', async () => {
    const clock = createVirtualClock()
    const task = async () => 5
    expect(await withDeadline(task, { clock, timeoutMs: 10 })).toEqual({ value: 5 })
    expect(clock.pending).toBe(0)
  })

  it('passes an error through, thrown early or late', async () => {
    const clock = createVirtualClock()
    const failures = [
      () => {
        throw new Error('broken')
      },
      () => Promise.reject(new Error('broken')),
    ]
    for (const task of failures) {
      await expect(withDeadline(task, { clock, timeoutMs: 10 })).rejects.toThrow('broken')
    }
    expect(clock.pending).toBe(0)
  })

  it('cuts short when the time is over, and tells the task', async () => {
    const clock = createVirtualClock()
    let told: AbortSignal | undefined
    const result = withDeadline(
      (signal) => {
        told = signal
        return never()
      },
      { clock, timeoutMs: 10 },
    )
    await clock.advance(9)
    expect(told?.aborted).toBe(false)
    await clock.advance(1)
    expect(await result).toEqual({ interrupted: 'timeout' })
    expect(told?.aborted).toBe(true)
  })

  it('cuts short when the signal fires, without a time limit too', async () => {
    const clock = createVirtualClock()
    const controller = new AbortController()
    const { signal } = controller
    const both = Promise.all([
      withDeadline(never, { clock, timeoutMs: 10, signal }),
      withDeadline(never, { clock, signal }),
    ])
    expect(clock.pending).toBe(1)
    controller.abort()
    expect(await both).toEqual([{ interrupted: 'aborted' }, { interrupted: 'aborted' }])
    expect(clock.pending).toBe(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('puts one listener on a signal, however many wait on it', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const clock = createVirtualClock()
    const many = Array.from({ length: 50 }, () => withDeadline(never, { clock, signal }))
    expect(getEventListeners(signal, 'abort')).toHaveLength(1)
    const brief = await withDeadline(async () => 5, { clock, signal })
    expect(brief).toEqual({ value: 5 })
    controller.abort()
    expect(new Set((await Promise.all(many)).map((result) => result.interrupted))).toEqual(
      new Set(['aborted']),
    )
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })

  it('does not begin when the signal has fired already', async () => {
    let began = false
    const task = async () => {
      began = true
    }
    const options = { clock: createVirtualClock(), signal: AbortSignal.abort() }
    expect(await withDeadline(task, options)).toEqual({ interrupted: 'aborted' })
    expect(began).toBe(false)
  })

  it('swallows the echo of its own abort', async () => {
    const controller = new AbortController()
    const echo = (signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    const result = withDeadline(echo, { clock: createVirtualClock(), signal: controller.signal })
    controller.abort()
    expect(await result).toEqual({ interrupted: 'aborted' })
    // An unhandled rejection would fail the run.
    await new Promise((resolve) => setImmediate(resolve))
  })
})
