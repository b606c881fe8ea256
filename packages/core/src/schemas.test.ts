import { describe, expect, it } from 'vitest'
import { endpoints } from './protocol/plain'
import * as schemas from './schemas'

describe('@ivh-kit/core/schemas', () => {
  it.each(Object.keys(endpoints))('exports the request and response schema of %s', (name) => {
    for (const suffix of ['RequestSchema', 'ResponseSchema']) {
      const schema: unknown = Reflect.get(schemas, `${name}${suffix}`)
      expect(schema).toMatchObject({ '~standard': { version: 1, vendor: 'zod' } })
    }
  })

  it('exports no other schema except the create schemas for another context', () => {
    const names = Object.keys(endpoints)
    const expected = names.flatMap((name) => [`${name}RequestSchema`, `${name}ResponseSchema`])
    const forContext = ['createSessionRequestSchemaFor', 'createSessionByAssetRequestSchemaFor']
    expect(Object.keys(schemas).sort()).toEqual([...expected, ...forContext].sort())
  })
})
