import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { acceptsUnchanged } from './accepts-unchanged'
import { createChecker } from './checker'
import { endpoints } from './endpoints'
import { responseEnvelopeSchema } from './envelope'

const context = { environment: 'private', now: () => Date.UTC(2026, 0, 1) } as const
const schemas: [string, z.ZodType][] = Object.entries(endpoints).flatMap(
  ([name, { request, response }]): [string, z.ZodType][] => [
    [`the request of ${name}`, request(context)],
    [`the request of ${name} in the public cloud`, request({ ...context, environment: 'saas' })],
    [`the answer of ${name}`, response],
  ],
)
schemas.push(['the envelope', responseEnvelopeSchema])

const pushUrl = `rtmp://push.example.com/live/m1?txSecret=${'0'.repeat(32)}&txTime=7fffffff`
const texts = [pushUrl, 'a', '17', '0'.repeat(32)]

/** Values that are nearly right, or altogether wrong. */
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    ...[undefined, null, true, false, '', '😀', Number.NaN, Number.POSITIVE_INFINITY],
    ...[0, 1, 2, 3, -1, 0.5, -0.5, 50, 2000, 6000, 4294967295, 2 ** 53, 1n],
    ...['rtmp', 'trtc', 'RTMP', 'SEND_TEXT', 'z'.repeat(32), ...texts],
    pushUrl.replace('7fffffff', '1'),
    ...[new Date(0), /x/, () => 1, Symbol('s'), new Map()],
  ),
  fc.jsonValue(),
)

/** Half of them with no intended fault, so that what passes is compared often. */
function values(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  return fc.oneof(meant(schema, 0), near(schema, 1))
}

/** What the schema means, or with a chance of `slips` in 60 anything. */
function near(schema: z.core.$ZodType, slips: number): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 60, arbitrary: meant(schema, slips) },
    { weight: slips, arbitrary: leaf },
  )
}

/** What the schema means, with now and then something more or less if it slips. */
function meant(schema: z.core.$ZodType, slips: number): fc.Arbitrary<unknown> {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodCatch
  ) {
    return near(schema.def.innerType, slips * 2)
  }
  if (schema instanceof z.ZodUnion) {
    return fc.oneof(...schema.options.map((option) => near(option, slips)))
  }
  if (schema instanceof z.ZodArray) {
    return fc.array(near(schema.element, slips), { maxLength: 4 })
  }
  if (schema instanceof z.ZodObject) {
    const shape = Object.entries(schema.def.shape)
    const required = shape.filter(([, field]) => !(field instanceof z.ZodOptional))
    const record = fc.record(
      Object.fromEntries(shape.map(([name, field]) => [name, near(field, slips)])),
      { requiredKeys: required.map(([name]) => name), noNullPrototype: true },
    )
    const more = fc.dictionary(fc.constantFrom('Tomorrow', '__proto__', 'toString'), leaf)
    return fc.oneof(
      { weight: 8, arbitrary: record },
      { weight: slips, arbitrary: fc.tuple(record, more).map(([one, two]) => own(one, two)) },
    )
  }
  if (schema instanceof z.ZodLiteral || schema instanceof z.ZodEnum) {
    return fc.constantFrom(...schema._zod.values)
  }
  if (schema instanceof z.ZodNumber)
    return fc.constantFrom(
      ...[schema.minValue, schema.maxValue].map((edge) => (Number.isFinite(edge) ? edge : 1)),
    )
  if (schema instanceof z.ZodBoolean) return fc.boolean()
  if (schema instanceof z.ZodUndefined) return fc.constant(undefined)
  if (schema instanceof z.ZodString) {
    return fc.constantFrom(...texts.filter((text) => schema.safeParse(text).success))
  }
  return leaf
}

/** Both, `__proto__` as a member like any other. */
function own(...parts: object[]): object {
  const whole = {}
  for (const part of parts) {
    Object.defineProperties(whole, Object.getOwnPropertyDescriptors(part))
  }
  return whole
}

describe('a value that passes unchanged', () => {
  it.each(schemas)('%s: exactly what parsing gives back', (name, schema) => {
    const accepts = acceptsUnchanged(schema)
    const check = createChecker(schema)
    let passed = 0
    fc.assert(
      fc.property(values(schema), (value) => {
        const parsed = schema.safeParse(value)
        const checked = check(value)
        if (accepts(value)) {
          passed += 1
          expect(parsed).toStrictEqual({ success: true, data: value })
        }
        expect(checked.success).toBe(parsed.success)
        expect(checked.data).toStrictEqual(parsed.data)
        expect(checked.error?.issues).toEqual(parsed.error?.issues)
      }),
      { numRuns: 1_000 },
    )
    // Otherwise nothing was compared. A list is made anew, whatever is in it.
    if (!name.startsWith('the answer of listSession')) expect(passed).toBeGreaterThan(0)
  })

  it.each<[string, z.ZodType, unknown]>([
    ['a field that parsing drops', z.object({ a: z.string() }), { a: 'x', b: 1 }],
    ['a field that parsing changes', z.strictObject({ a: z.string().trim() }), { a: ' x ' }],
    ['a field that parsing makes', z.strictObject({ a: z.string().default('x') }), {}],
    ['a text that parsing reads', z.strictObject({ a: z.coerce.string() }), { a: 1 }],
    ['a number that parsing reads', z.strictObject({ a: z.coerce.number() }), { a: '1' }],
    ['a hole in an array', z.array(z.string()), new Array(1)],
    [
      'an object of a class',
      z.strictObject({ a: z.string() }),
      new (class {
        a = 'x'
      })(),
    ],
    ['an inherited field', z.strictObject({ a: z.string() }), Object.create({ a: 'x' })],
    ['a check that fails', z.strictObject({}).refine(() => false), {}],
    [
      'a check of an optional object',
      z
        .strictObject({})
        .optional()
        .refine(() => false),
      {},
    ],
    ['__proto__', z.looseObject({}), JSON.parse('{"__proto__":{"a":1}}')],
  ])('is not one with %s', (_name, schema, value) => {
    expect(acceptsUnchanged(schema)(value)).toBe(false)
  })

  it('is not copied, and another is', () => {
    const check = createChecker(z.looseObject({ a: z.string() }))
    const value = { b: 1, a: 'x' }
    expect(check(value).data).toBe(value)
    const other = new (class {
      a = 'x'
    })()
    expect(check(other).data).toEqual({ a: 'x' })
    expect(check(other).data).not.toBe(other)
  })
})
