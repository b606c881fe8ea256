interface SharedListener {
  readonly callbacks: Set<() => void>
  readonly stopListening: () => void
}

const listeners = new WeakMap<AbortSignal, SharedListener>()

/**
 * Calls `callback` once when the signal fires. The returned function cancels the call.
 *
 * All callbacks of one signal share one listener, because Node warns of a leak at the eleventh listener.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const shared = listeners.get(signal) ?? listen(signal)
  // Wrap the callback: the same function may be registered twice.
  const call = () => callback()
  shared.callbacks.add(call)
  return () => {
    shared.callbacks.delete(call)
    if (shared.callbacks.size === 0) shared.stopListening()
  }
}

function listen(signal: AbortSignal): SharedListener {
  const callbacks = new Set<() => void>()
  const stopListening = () => {
    signal.removeEventListener('abort', fire)
    if (listeners.get(signal) === shared) listeners.delete(signal)
  }
  const fire = () => {
    stopListening()
    for (const callback of callbacks) callback()
    callbacks.clear()
  }
  const shared = { callbacks, stopListening }
  signal.addEventListener('abort', fire, { once: true })
  listeners.set(signal, shared)
  return shared
}
