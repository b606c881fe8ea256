import * as z from 'zod'

/** Compiling takes milliseconds, and saves a microsecond or two each time from then on. */
const usesBeforeCompiling = 500

/**
 * `safeParse` of a schema that is used over and over: the same results, and faster once the schema has
 * been compiled. Where code must not be made at run time it stays as it is.
 */
export function createChecker<Schema extends z.ZodType>(
  schema: Schema,
): (value: unknown) => z.ZodSafeParseResult<z.output<Schema>> {
  let uses = 0
  let current = schema
  return (value) => {
    uses += 1
    if (uses === usesBeforeCompiling) current = z.compile(schema)
    return current.safeParse(value)
  }
}
