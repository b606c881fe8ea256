import { createDeferred } from '../async/deferred'

/** Resolves when the signal fires; `forget` takes the listener away again. */
export function fired(signal: AbortSignal): { promise: Promise<void>; forget: () => void } {
  const { promise, resolve } = createDeferred()
  const fire = () => resolve()
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', fire, { once: true })
  return { promise, forget: () => signal.removeEventListener('abort', fire) }
}

/** Waits, but no longer than until one of the signals fires. @throws what the waiting is rejected with. */
export async function unless(
  waiting: Promise<unknown>,
  ...stops: readonly AbortSignal[]
): Promise<void> {
  const ends = stops.map(fired)
  try {
    await Promise.race([waiting, ...ends.map(({ promise }) => promise)])
  } finally {
    for (const { forget } of ends) forget()
  }
}
