import { onAbort } from './on-abort'

/** A task that several callers wait for. It is aborted when the last caller has left. */
export class SharedTask<Value> {
  readonly #controller: AbortController
  readonly #result: Promise<Value>
  readonly #isDone: () => boolean
  readonly #leaveError: (signal: AbortSignal) => Error
  #callers = 0

  constructor(parts: {
    /** Aborts the task. */
    readonly controller: AbortController
    readonly result: Promise<Value>
    /** True when the task has succeeded, even if `result` has not resolved yet: callers can no longer leave. */
    readonly isDone: () => boolean
    /** The error for a caller whose signal fired. */
    readonly leaveError: (signal: AbortSignal) => Error
  }) {
    this.#controller = parts.controller
    this.#result = parts.result
    this.#isDone = parts.isDone
    this.#leaveError = parts.leaveError
  }

  get isAborted(): boolean {
    return this.#controller.signal.aborted
  }

  /** Waits for the result. Rejects when the caller's signal fires. */
  join(signal: AbortSignal | undefined): Promise<Value> {
    this.#callers += 1
    if (!signal) return this.#result
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (this.#isDone()) return
        const error = this.#leaveError(signal)
        reject(error)
        this.#callers -= 1
        if (this.#callers === 0) this.#controller.abort(error)
      }
      const stopListening = onAbort(signal, leave)
      this.#result.then(stopListening, stopListening)
      this.#result.then(resolve, reject)
    })
  }
}
