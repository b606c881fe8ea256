import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../testing/virtual-clock'
import { withDeadline } from './with-deadline'

const never = () => new Promise<never>(() => {})

describe('withDeadline', () => {
  it('returns the value of the task', async () => {
    const clock = createVirtualClock()
    const task = async () => 5
    expect(await withDeadline(task, { clock, timeoutMs: 10 })).toEqual({ value: 5 })
    expect(clock.pending).toBe(0)
  })

  it('rethrows an error that the task throws synchronously or asynchronously', async () => {
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

  it('stops waiting after the timeout and aborts the signal of the task', async () => {
    const clock = createVirtualClock()
    let taskSignal: AbortSignal | undefined
    const result = withDeadline(
      (signal) => {
        taskSignal = signal
        return never()
      },
      { clock, timeoutMs: 10 },
    )
    await clock.advance(9)
    expect(taskSignal?.aborted).toBe(false)
    await clock.advance(1)
    expect(await result).toEqual({ interrupted: 'timeout' })
    expect(taskSignal?.aborted).toBe(true)
  })

  it('stops waiting when the signal fires, with or without a timeout', async () => {
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

  it('adds one listener to a signal that many tasks share', async () => {
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

  it('does not start the task when the signal has already fired', async () => {
    let started = false
    const task = async () => {
      started = true
    }
    const options = { clock: createVirtualClock(), signal: AbortSignal.abort() }
    expect(await withDeadline(task, options)).toEqual({ interrupted: 'aborted' })
    expect(started).toBe(false)
  })

  it('ignores a late rejection of a task that it has aborted', async () => {
    const controller = new AbortController()
    const rejectOnAbort = (signal: AbortSignal) =>
      new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    const result = withDeadline(rejectOnAbort, {
      clock: createVirtualClock(),
      signal: controller.signal,
    })
    controller.abort()
    expect(await result).toEqual({ interrupted: 'aborted' })
    // Wait one turn: an unhandled rejection would fail the run.
    await new Promise((resolve) => setImmediate(resolve))
  })
})
