import { type IvhConfigError, isBranded } from '@ivh-kit/kernel'
import type { CodeCategory } from '../protocol/codes'
import type { IvhApiError } from './api-error'
import type {
  IvhAbortError,
  IvhPluginError,
  IvhResponseShapeError,
  IvhTimeoutError,
  IvhTransportError,
  IvhValidationError,
} from './call-errors'
import type { IvhSessionError } from './session-error'

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

/**
 * True for an IvhApiError of any installed copy of the kit. With `category`, only for errors of that
 * category.
 *
 * @example
 * if (isApiError(error, 'concurrency')) return showQueue()
 */
export function isApiError<Category extends CodeCategory = CodeCategory>(
  value: unknown,
  category?: Category,
): value is IvhApiError & { readonly category: Category } {
  if (!isIvhError(value) || value.kind !== 'api') return false
  return category === undefined || value.category === category
}
