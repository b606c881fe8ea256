import { IvhError, type IvhErrorContext } from '@ivh-kit/kernel'

/** A call, or the wait for a session, took longer than its timeout. */
export class IvhTimeoutError extends IvhError {
  override readonly name = 'IvhTimeoutError'
  readonly kind = 'timeout'
  /** The timeout in milliseconds. */
  readonly timeoutMs: number

  constructor(what: string, timeoutMs: number, context: IvhErrorContext = {}) {
    super('IvhTimeoutError', what, context)
    this.timeoutMs = timeoutMs
  }
}
