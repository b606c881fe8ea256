import { IvhError, type IvhErrorContext } from '@ivh-kit/kernel'

/** The caller's AbortSignal fired. `cause` is the signal's reason. */
export class IvhAbortError extends IvhError {
  override readonly name = 'IvhAbortError'
  readonly kind = 'abort'

  constructor(what: string, context: IvhErrorContext = {}) {
    super('IvhAbortError', what, context)
  }
}
