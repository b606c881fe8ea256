import type { Clock } from '@ivh-kit/kernel'
import { pause } from '../async/pause'

/** Waits for something, but no longer than so long. @throws what it is rejected with. */
export async function atMost(clock: Clock, ms: number, waiting: Promise<unknown>): Promise<void> {
  const settled = new AbortController()
  try {
    await Promise.race([waiting, pause(clock, ms, settled.signal)])
  } finally {
    settled.abort()
  }
}
