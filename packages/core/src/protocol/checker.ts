import type * as z from 'zod'
import { acceptsUnchanged } from './accepts-unchanged'

/**
 * `safeParse` of a schema, for where it is a good part of the work. A value that the schema takes as it is
 * is not copied: what comes back is the value itself.
 */
export function createChecker<Schema extends z.ZodType>(
  schema: Schema,
): (value: unknown) => z.ZodSafeParseResult<z.output<Schema>> {
  const accepts = acceptsUnchanged(schema)
  const isOutput = (value: unknown): value is z.output<Schema> => accepts(value)
  return (value) => (isOutput(value) ? { success: true, data: value } : schema.safeParse(value))
}
