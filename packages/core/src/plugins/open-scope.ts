import type { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Which `sessions.open` a call belongs to. A create call has no SessionId yet, so nothing else would
 * tell. Entered only while somebody observes calls: in Node 20 its use slows every promise.
 */
export const openScope = {
  getStore: (): string | undefined => storage?.getStore(),
  run<Result>(openId: string, task: () => Result): Result {
    if (!storage) {
      const hooks = process.getBuiltinModule('node:async_hooks')
      storage = new hooks.AsyncLocalStorage<string>()
    }
    return storage.run(openId, task)
  },
  exit: <Result>(task: () => Result): Result => (storage ? storage.exit(task) : task()),
}

let storage: AsyncLocalStorage<string> | undefined

/** Runs a task that somebody else's turn has come to do in the scope that it belongs to. */
export function runInScope<Result>(openId: string | undefined, task: () => Result): Result {
  if (openScope.getStore() === openId) return task()
  return openId === undefined ? openScope.exit(task) : openScope.run(openId, task)
}
