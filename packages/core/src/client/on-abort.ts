interface Group {
  readonly callbacks: Set<() => void>
  readonly leave: () => void
}

const groups = new WeakMap<AbortSignal, Group>()

/**
 * Calls back once when the signal fires; the returned function takes the callback away again. However
 * many calls wait on one signal, it carries a single listener, and none when nobody waits: Node warns
 * of a leak from the eleventh on.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const group = groups.get(signal) ?? join(signal)
  group.callbacks.add(callback)
  return () => {
    group.callbacks.delete(callback)
    if (group.callbacks.size === 0) group.leave()
  }
}

function join(signal: AbortSignal): Group {
  const callbacks = new Set<() => void>()
  const fire = () => {
    for (const callback of callbacks) callback()
  }
  const leave = () => {
    signal.removeEventListener('abort', fire)
    groups.delete(signal)
  }
  signal.addEventListener('abort', fire, { once: true })
  const group = { callbacks, leave }
  groups.set(signal, group)
  return group
}
