import { IvhError, type IvhErrorContext } from '@ivh-kit/kernel'

export interface TransportErrorContext extends IvhErrorContext {
  readonly status?: number | undefined
  readonly notSent?: boolean | undefined
  readonly retryAfterMs?: number | undefined
}

/** The call did not bring back an answer of the service: no connection, a bad status, or no JSON. */
export class IvhTransportError extends IvhError {
  override readonly name = 'IvhTransportError'
  readonly kind = 'transport'
  /** The HTTP status, when there was an answer at all. */
  readonly status: number | undefined
  /** True when the request certainly never left: no such host, or nobody took the connection. */
  readonly notSent: boolean
  /** How long whoever answered asked to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(what: string, context: TransportErrorContext = {}) {
    super('IvhTransportError', what, context)
    this.status = context.status
    this.notSent = context.notSent ?? false
    this.retryAfterMs = context.retryAfterMs
  }
}
