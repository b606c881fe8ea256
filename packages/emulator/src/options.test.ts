import { describe, expect, it } from 'vitest'
import { createGateway } from './gateway/gateway'

describe('options', () => {
  it.each([
    { concurrency: -1 },
    { concurrency: Number.NaN },
    { prepareMs: -1 },
    { prepareMs: Number.POSITIVE_INFINITY },
    { idleTimeoutMs: 0 },
    { idleTimeoutMs: 2 ** 31 },
  ])('%o is refused by name', (options) => {
    const [name] = Object.keys(options)
    expect(() => createGateway(options)).toThrow(RangeError)
    expect(() => createGateway(options)).toThrow(new RegExp(`^${name} must be a number from`))
  })

  it.each([{ concurrency: 0 }, { prepareMs: 0 }, { idleTimeoutMs: 2 ** 31 - 1 }])(
    '%o is taken',
    (options) => {
      expect(createGateway(options).sessions).toEqual([])
    },
  )
})
