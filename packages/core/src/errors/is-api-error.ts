import type { CodeCategory } from '../protocol/codes'
import type { IvhApiError } from './api-error'
import { isIvhError } from './is-ivh-error'

/**
 * True for a refusal of the service, of one category when given; by any installed copy of ivh-kit.
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
