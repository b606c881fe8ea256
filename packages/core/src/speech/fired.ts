import { createDeferred } from '../channel/deferred'

/** Resolves when the signal fires; `forget` takes the listener away again. */
export function fired(signal: AbortSignal): { promise: Promise<void>; forget: () => void } {
  const { promise, resolve } = createDeferred()
  const fire = () => resolve()
  if (signal.aborted) resolve()
  else signal.addEventListener('abort', fire, { once: true })
  return { promise, forget: () => signal.removeEventListener('abort', fire) }
}
