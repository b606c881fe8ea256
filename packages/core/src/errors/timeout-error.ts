import { IvhError, type IvhErrorContext } from '@ivh-kit/kernel'

/** Something took longer than it was given: one call, or waiting for a session to become ready. */
export class IvhTimeoutError extends IvhError {
  override readonly name = 'IvhTimeoutError'
  readonly kind = 'timeout'
  /** How long was waited, in milliseconds. */
  readonly timeoutMs: number

  constructor(what: string, timeoutMs: number, context: IvhErrorContext = {}) {
    super('IvhTimeoutError', what, context)
    this.timeoutMs = timeoutMs
  }
}
