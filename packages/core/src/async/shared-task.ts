import { onAbort } from './on-abort'

/** A task that several callers wait for. It is aborted when the last caller has left. */
export interface SharedTask<Value> {
  readonly isAborted: boolean
  /** Waits for the result. Rejects when the caller's signal fires. */
  join(signal: AbortSignal | undefined): Promise<Value>
}

/**
 * @param isDone True when the task has succeeded, even if `result` has not resolved yet: callers can no
 * longer leave.
 * @param leaveError The error for a caller whose signal fired.
 */
export function shareTask<Value>(
  controller: AbortController,
  result: Promise<Value>,
  isDone: () => boolean,
  leaveError: (signal: AbortSignal) => Error,
): SharedTask<Value> {
  let callers = 0
  return {
    get isAborted() {
      return controller.signal.aborted
    },
    join(signal) {
      callers += 1
      if (!signal) return result
      return new Promise((resolve, reject) => {
        const leave = () => {
          if (isDone()) return
          const error = leaveError(signal)
          reject(error)
          callers -= 1
          if (callers === 0) controller.abort(error)
        }
        const stopListening = onAbort(signal, leave)
        result.then(stopListening, stopListening)
        result.then(resolve, reject)
      })
    },
  }
}
