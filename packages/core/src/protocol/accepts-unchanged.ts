import * as z from 'zod'

type Test = (value: unknown) => boolean

/**
 * Makes a test from a schema: true when `parse` would take the value and give back one that is equal to
 * it, member by member, so that the value itself will do. Of an object it looks at the members that are
 * there, not at all that could be, and it makes nothing: that is several times faster than parsing.
 *
 * False tells nothing; then the schema has to be asked.
 */
export function acceptsUnchanged(schema: z.core.$ZodType): Test {
  if (schema instanceof z.ZodObject) return object(schema)
  if (schema._zod.def.checks?.length) return whole(schema)
  if (schema instanceof z.ZodArray) return array(schema)
  if (schema instanceof z.ZodOptional) return either(undefined, schema.def.innerType)
  if (schema instanceof z.ZodNullable) return either(null, schema.def.innerType)
  if (schema instanceof z.ZodCatch) return acceptsUnchanged(schema.def.innerType)
  if (schema instanceof z.ZodUnion) return union(schema)
  if (schema instanceof z.ZodLiteral || schema instanceof z.ZodEnum) {
    const values: ReadonlySet<unknown> = schema._zod.values
    return (value) => values.has(value)
  }
  if (schema instanceof z.ZodString && !schema.def.coerce) {
    return (value) => typeof value === 'string'
  }
  return whole(schema)
}

/** Whatever it is: by parsing. What it makes anew, as an object, does not pass. */
function whole(schema: z.core.$ZodType): Test {
  return (value) => {
    const result = schema._zod.run({ value, issues: [] }, { async: false })
    return 'issues' in result && result.issues.length === 0 && Object.is(result.value, value)
  }
}

function either(other: undefined | null, schema: z.core.$ZodType): Test {
  const accepts = acceptsUnchanged(schema)
  return (value) => value === other || accepts(value)
}

/** The first is the likely one here. What another would take, an earlier one may have changed. */
function union(schema: z.ZodUnion): Test {
  const [first] = schema.options
  const accepts = first && acceptsUnchanged(first)
  const acceptsAny = whole(schema)
  return (value) => accepts?.(value) || acceptsAny(value)
}

function array(schema: z.ZodArray): Test {
  const accepts = acceptsUnchanged(schema.element)
  return (value) => {
    if (!Array.isArray(value)) return false
    // Not `every`, which passes over what is missing.
    for (let index = 0; index < value.length; index++) if (!accepts(value[index])) return false
    return true
  }
}

function object(schema: z.ZodObject): Test {
  const { shape, catchall, checks = [] } = schema.def
  const loose = catchall instanceof z.ZodUnknown
  // What leaves unknown fields out makes a new object each time.
  if (!loose && !(catchall instanceof z.ZodNever)) return () => false
  const fields = new Map<string, { readonly accepts: Test; readonly required: boolean }>()
  let requiredFields = 0
  for (const [name, field] of Object.entries(shape)) {
    const required = !(field instanceof z.ZodOptional)
    if (required) requiredFields += 1
    fields.set(name, { accepts: acceptsUnchanged(field), required })
  }
  return (value) => {
    if (!isPlainObject(value)) return false
    let missing = requiredFields
    for (const name in value) {
      const field = fields.get(name)
      if (!field) {
        if (loose && name !== '__proto__') continue
        return false
      }
      if (!field.accepts(value[name])) return false
      if (field.required) missing -= 1
    }
    return missing === 0 && checks.every((check) => findsNothing(check, value))
  }
}

/** That a check of a whole object finds nothing wrong. */
function findsNothing(check: z.core.$ZodCheck<never>, value: object): boolean {
  const payload = { value, issues: [] }
  // The checks of a schema take what the schema describes, and that is what has been looked at.
  const pending = check._zod.check(payload as never)
  return pending === undefined && payload.issues.length === 0 && payload.value === value
}

/** Of another, what is inherited or converts itself would be read differently. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
  )
}
