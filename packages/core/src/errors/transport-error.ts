import { IvhError, type IvhErrorContext } from './ivh-error'

/** The call did not bring back an answer of the service: no connection, a bad status, or no JSON. */
export class IvhTransportError extends IvhError {
  override readonly name = 'IvhTransportError'
  readonly kind = 'transport'
  /** The HTTP status, when there was an answer at all. */
  readonly status: number | undefined

  constructor(what: string, context: IvhErrorContext & { status?: number | undefined } = {}) {
    super(what, context)
    this.status = context.status
  }
}
