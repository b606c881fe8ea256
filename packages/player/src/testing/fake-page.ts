import { createFakeClock } from '@ivh-kit/kernel/testing'
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
  const { clock, timers } = createFakeClock(0)
  const onlineListeners = new Set<() => void>()
  const visibilityListeners = new Set<() => void>()
  let isOnline = true
  let isHidden = false
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
