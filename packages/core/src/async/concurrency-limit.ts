import type { Clock } from '@ivh-kit/kernel'

/** Maximum time that a running task counts, in milliseconds, so that a hanging task does not block the others. */
const countedForMs = 2_000

export type ConcurrencyLimit = <Value>(task: () => Promise<Value>) => Promise<Value>

/** Allows `limit` tasks at once. A task that takes longer than 2 s makes room for the next. */
export function createConcurrencyLimit(clock: Clock, limit: number): ConcurrencyLimit {
  const waiting: (() => void)[] = []
  let running = 0

  const startNext = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
  return async (task) => {
    if (running < limit) running += 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    let counted = true
    const makeRoom = () => {
      if (counted) startNext()
      counted = false
    }
    const cancelTimer = clock.after(countedForMs, makeRoom)
    try {
      return await task()
    } finally {
      cancelTimer()
      makeRoom()
    }
  }
}
