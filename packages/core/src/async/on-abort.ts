const callbacksOf = new WeakMap<EventTarget, Set<() => void>>()

/**
 * Calls `callback` once when the signal fires. The returned function cancels the call.
 *
 * All callbacks of one signal share one listener, because Node warns of a leak at the eleventh listener.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const callbacks = callbacksOf.get(signal) ?? new Set()
  callbacksOf.set(signal, callbacks)
  // Wrap the callback: the same function may be registered twice.
  const call = () => callback()
  callbacks.add(call)
  signal.addEventListener('abort', callAll, { once: true })
  return () => {
    callbacks.delete(call)
    if (callbacks.size === 0) signal.removeEventListener('abort', callAll)
  }
}

function callAll({ target }: Event): void {
  if (!target) return
  const callbacks = callbacksOf.get(target) ?? []
  callbacksOf.delete(target)
  for (const callback of callbacks) callback()
}
