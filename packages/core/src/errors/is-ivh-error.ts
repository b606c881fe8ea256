import { type IvhConfigError, isBranded } from '@ivh-kit/kernel'
import type { IvhAbortError } from './abort-error'
import type { IvhApiError } from './api-error'
import type { IvhPluginError } from './plugin-error'
import type { IvhResponseShapeError } from './response-shape-error'
import type { IvhSessionError } from './session-error'
import type { IvhTimeoutError } from './timeout-error'
import type { IvhTransportError } from './transport-error'
import type { IvhValidationError } from './validation-error'

/** Every error of the kit. `kind` discriminates them. */
export type AnyIvhError =
  | IvhAbortError
  | IvhApiError
  | IvhConfigError
  | IvhPluginError
  | IvhResponseShapeError
  | IvhSessionError
  | IvhTimeoutError
  | IvhTransportError
  | IvhValidationError

/**
 * True for errors of any installed copy of the kit. `instanceof` recognises only the errors of its own copy.
 *
 * @example
 * if (isIvhError(error) && error.kind === 'api' && error.retry === 'after-release') await freeOne()
 */
export function isIvhError(value: unknown): value is AnyIvhError {
  return isBranded(value) && typeof Reflect.get(Object(value), 'kind') === 'string'
}
