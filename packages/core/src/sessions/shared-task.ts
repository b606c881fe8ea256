import { onAbort } from '../async/on-abort'
import { abortedByCaller } from './abandonment'

/** One piece of work that several callers wait for. It is abandoned when the last of them gives up. */
export class SharedTask<Value> {
  readonly #abandon: AbortController
  readonly #result: Promise<Value>
  readonly #isDone: () => boolean
  #callers = 0

  /**
   * @param abandon Cuts the work short; it listens to this controller's signal.
   * @param isDone The work has succeeded, though the promise may still have to tell: nobody can give up
   * any more.
   */
  constructor(abandon: AbortController, result: Promise<Value>, isDone: () => boolean) {
    this.#abandon = abandon
    this.#result = result
    this.#isDone = isDone
  }

  get isAbandoned(): boolean {
    return this.#abandon.signal.aborted
  }

  /** Waits for the result; rejects with IvhAbortError when this caller's signal fires. */
  join(signal: AbortSignal | undefined): Promise<Value> {
    this.#callers += 1
    if (!signal) return this.#result
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (this.#isDone()) return
        const reason = abortedByCaller(signal)
        reject(reason)
        this.#callers -= 1
        if (this.#callers === 0) this.#abandon.abort(reason)
      }
      const forget = onAbort(signal, leave)
      const settle = () => forget()
      this.#result.then(settle, settle)
      this.#result.then(resolve, reject)
    })
  }
}
