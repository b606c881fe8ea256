import type { CodeCategory } from '../protocol/codes'
import type { IvhApiError } from './api-error'
import { isIvhError } from './is-ivh-error'

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
