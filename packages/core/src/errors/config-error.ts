import { IvhError } from './ivh-error'

/** An option that the kit cannot work with. Thrown before anything is sent. */
export class IvhConfigError extends IvhError {
  override readonly name = 'IvhConfigError'
  readonly kind = 'config'
}
