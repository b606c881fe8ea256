import { IvhError } from './ivh-error'

/** The caller's AbortSignal fired. `cause` is the signal's reason. */
export class IvhAbortError extends IvhError {
  override readonly name = 'IvhAbortError'
  readonly kind = 'aborted'
}
