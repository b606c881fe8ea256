import { IvhError, type IvhErrorContext } from '@ivh-kit/kernel'

export interface TransportErrorContext extends IvhErrorContext {
  readonly status?: number | undefined
  readonly notSent?: boolean | undefined
  readonly retryAfterMs?: number | undefined
}

/** The call got no usable response: no connection, an error status, or a body that is not JSON. */
export class IvhTransportError extends IvhError {
  override readonly name = 'IvhTransportError'
  readonly kind = 'transport'
  /** The HTTP status; undefined without a response. */
  readonly status: number | undefined
  /** True when the request was certainly not sent: unknown host, or connection refused. */
  readonly notSent: boolean
  /** The pause that the responding server asked for (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(what: string, context: TransportErrorContext = {}) {
    super('IvhTransportError', what, context)
    this.status = context.status
    this.notSent = context.notSent ?? false
    this.retryAfterMs = context.retryAfterMs
  }
}
