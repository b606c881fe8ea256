import { isBranded } from './brand'
import { IvhError, type IvhErrorContext } from './ivh-error'

/**
 * The reason for an {@link IvhConfigError}:
 * - `missing-option`: a required option was not given
 * - `unknown-option`: no option has this name
 * - `invalid-option`: the option's value is not allowed
 * - `conflicting-options`: two options exclude each other
 * - `unsupported-runtime`: this runtime lacks something that the package needs
 * - `missing-dependency`: an optional package is not installed
 * - `invalid-use`: the call is not possible in this state
 */
export type ConfigErrorCode =
  | 'missing-option'
  | 'unknown-option'
  | 'invalid-option'
  | 'conflicting-options'
  | 'unsupported-runtime'
  | 'missing-dependency'
  | 'invalid-use'

export interface ConfigErrorContext extends IvhErrorContext {
  /** Default `invalid-option`. */
  readonly code?: ConfigErrorCode | undefined
  /** The option's name, as the caller writes it. */
  readonly option?: string | undefined
}

/**
 * A wrong option. Every package throws this class, before anything is sent or started. `instanceof` also
 * recognises the errors of another package, which bundles a copy of the class.
 */
export class IvhConfigError extends IvhError {
  override readonly name = 'IvhConfigError'
  readonly kind = 'config'
  readonly code: ConfigErrorCode
  readonly option: string | undefined

  constructor(what: string, context: ConfigErrorContext = {}) {
    super('IvhConfigError', what, context)
    this.code = context.code ?? 'invalid-option'
    this.option = context.option
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isBranded(value, 'IvhConfigError')
  }
}
