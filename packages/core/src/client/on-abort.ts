import { IvhConfigError } from '../errors'

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

/**
 * Checks an option of that name, for who has no types: an AbortController in its place is soon given.
 *
 * @throws IvhConfigError
 */
export function checkSignal(signal: AbortSignal | null | undefined): void {
  if (signal === undefined || signal === null) return
  // By shape: a page in a test has an AbortSignal of its own.
  if (typeof signal.aborted === 'boolean' && typeof signal.addEventListener === 'function') return
  throw new IvhConfigError('signal is no AbortSignal', {
    hint: 'Give the `signal` of an AbortController, or AbortSignal.timeout(milliseconds).',
  })
}
