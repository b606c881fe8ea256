import { IvhError } from './ivh-error'

/** The client was given options it cannot work with. Thrown before anything is sent. */
export class IvhConfigError extends IvhError {
  override readonly name = 'IvhConfigError'
  readonly kind = 'config'
}
