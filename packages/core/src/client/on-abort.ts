interface Waiting {
  readonly callback: () => void
  earlier: Waiting | undefined
  later: Waiting | undefined
}

/** Everybody who waits for one signal. */
interface Group {
  first: Waiting | undefined
  last: Waiting | undefined
  readonly stopListening: () => void
}

const groups = new WeakMap<AbortSignal, Group>()

/**
 * Calls back once when the signal fires; the returned function takes the callback away again. However
 * many calls wait on one signal, it carries a single listener, and none when nobody waits: Node warns
 * of a leak from the eleventh on.
 *
 * A list and not a Set: a Set that lives long keeps alive, for a while, what was taken out of it.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const group = groups.get(signal) ?? join(signal)
  const waiting: Waiting = { callback, earlier: group.last, later: undefined }
  if (group.last) group.last.later = waiting
  else group.first = waiting
  group.last = waiting
  return () => leave(group, waiting)
}

function join(signal: AbortSignal): Group {
  const fire = () => {
    for (let waiting = group.first; waiting; waiting = group.first) {
      leave(group, waiting)
      waiting.callback()
    }
  }
  const stopListening = () => {
    signal.removeEventListener('abort', fire)
    groups.delete(signal)
  }
  const group: Group = { first: undefined, last: undefined, stopListening }
  signal.addEventListener('abort', fire, { once: true })
  groups.set(signal, group)
  return group
}

/** Does nothing for who has left. */
function leave(group: Group, waiting: Waiting): void {
  const { earlier, later } = waiting
  if (earlier) earlier.later = later
  else if (group.first === waiting) group.first = later
  else return
  if (later) later.earlier = earlier
  else group.last = earlier
  waiting.earlier = undefined
  waiting.later = undefined
  if (!group.first) group.stopListening()
}
