import type { Clock } from '@ivh-kit/kernel'
import { createClock } from '@sinonjs/fake-timers'
import type { PageEnvironment } from '../session/page-environment'

/** A page without a browser. Tests move its clock, its network and its visibility. */
export interface FakePage {
  readonly environment: PageEnvironment
  /** Timers and listeners that are still set. */
  readonly pending: number
  /** Moves the clock and lets pending promises run. */
  pass(milliseconds: number): Promise<void>
  setOnline(online: boolean): Promise<void>
  setHidden(hidden: boolean): void
}

export function createFakePage(): FakePage {
  const timers = createClock()
  const onlineListeners = new Set<() => void>()
  const visibilityListeners = new Set<() => void>()
  let isOnline = true
  let isHidden = false
  const clock: Clock = {
    now: () => timers.now,
    after: (delayMs, callback) => {
      const timer = timers.setTimeout(callback, delayMs)
      return () => timers.clearTimeout(timer)
    },
  }
  const pass = async (milliseconds: number) => {
    await timers.tickAsync(milliseconds)
  }
  return {
    environment: {
      clock,
      random: () => 0.5,
      baseUrl: () => 'https://shop.example.com/',
      online: () => isOnline,
      hidden: () => isHidden,
      onOnline: (callback) => add(onlineListeners, callback),
      onVisibilityChange: (callback) => add(visibilityListeners, callback),
    },
    get pending() {
      return timers.countTimers() + onlineListeners.size + visibilityListeners.size
    },
    pass,
    setOnline: async (online) => {
      isOnline = online
      if (online) for (const callback of onlineListeners) callback()
      await pass(0)
    },
    setHidden: (hidden) => {
      isHidden = hidden
      for (const callback of visibilityListeners) callback()
    },
  }
}

function add(listeners: Set<() => void>, callback: () => void): () => void {
  listeners.add(callback)
  return () => void listeners.delete(callback)
}
