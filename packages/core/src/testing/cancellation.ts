import type { Cancellation } from '../transport/transport'

/** What tells a transport to stop, in the hands of a test. */
export function createCancellation(): Cancellation & { cancel(): void } {
  const controller = new AbortController()
  const { signal } = controller
  return {
    signal,
    onCancel(callback) {
      signal.addEventListener('abort', callback, { once: true })
      if (signal.aborted) callback()
    },
    cancel: () => controller.abort(),
  }
}
