import * as z from 'zod'

// Schemas for optional facts of a response. A field with an undocumented type, perhaps in the list row of
// another session, must not make the whole response unreadable, so it is read as undefined.

/** A number, or a text of digits as some deployments send it. */
const numeric = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
])

const textual = z.union([z.string(), z.number().transform(String)])

const truth = z.union([
  z.boolean(),
  z.literal([0, 1]).transform(Boolean),
  z.literal(['true', 'false']).transform((word) => word === 'true'),
])

/** A schema that accepts any value. An invalid or missing value is read as undefined. */
export interface Lenient<Value> extends z.ZodOptional<z.ZodType<Value | null | undefined>> {}

export function lenient<Value>(schema: z.ZodType<Value>): Lenient<Value> {
  return schema.nullish().catch(undefined).optional()
}

export const lenientNumber = lenient(numeric)
export const lenientText = lenient(textual)
export const lenientFlag = lenient(truth)
