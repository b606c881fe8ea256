import * as z from 'zod'

// What the service says beside what is needed. One field of a type that no document knows, perhaps in
// somebody else's row of a list, must not make a whole answer unreadable: it is read as undefined.

/** A number, also where a deployment sends it as text. */
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

/** A schema that takes everything: what does not fit, like what is missing, comes out as undefined. */
export interface Lenient<Value> extends z.ZodOptional<z.ZodType<Value | null | undefined>> {}

export function lenient<Value>(schema: z.ZodType<Value>): Lenient<Value> {
  return schema.nullish().catch(undefined).optional()
}

export const lenientNumber = lenient(numeric)
export const lenientText = lenient(textual)
export const lenientFlag = lenient(truth)
