export interface Deferred<Value> {
  /** Never reported as unhandled: whoever awaits it still sees the rejection. */
  readonly promise: Promise<Value>
  resolve(value: Value): void
  reject(error: unknown): void
}

/** A promise settled from outside, safe to leave alone. */
export function createDeferred<Value = void>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<Value>((fulfil, fail) => {
    resolve = fulfil
    reject = fail
  })
  promise.catch(() => {})
  return { promise, resolve, reject }
}
