import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Which `sessions.open` a call belongs to. A create call has no SessionId yet, so nothing else would
 * tell. Entered only while somebody observes calls: in Node 20 its use slows every promise.
 */
export const openScope = new AsyncLocalStorage<string>()
