import { describe, expect, it } from 'vitest'
import { configErrorOf } from '../testing/config-error-of'
import { checkKnownOptions } from './known-options'

const check = (options: unknown) => checkKnownOptions('createThing', options, ['timeoutMs', 'url'])

describe('checkKnownOptions', () => {
  it('accepts known options, including undefined ones', () => {
    expect(() => check({})).not.toThrow()
    expect(() => check({ timeoutMs: 1, url: undefined })).not.toThrow()
  })

  it('rejects an unknown option and suggests the closest known option', () => {
    expect(configErrorOf(() => check({ timeOutMs: 1 }))).toMatchObject({
      code: 'unknown-option',
      option: 'timeOutMs',
      message: 'createThing has no option "timeOutMs". Did you mean timeoutMs?',
    })
  })

  it('lists the known options when none is close', () => {
    expect(configErrorOf(() => check({ colour: 'red' })).message).toBe(
      'createThing has no option "colour". Known options: timeoutMs, url.',
    )
  })

  it('names the first unknown option after known ones', () => {
    expect(configErrorOf(() => check({ url: 'u', first: 1, second: 2 })).option).toBe('first')
  })

  it('does not repeat the value of an unknown option', () => {
    expect(configErrorOf(() => check({ colour: 's3cret' })).message).not.toContain('s3cret')
  })

  it.each([
    [null, 'null'],
    [undefined, 'a value of type undefined'],
    ['s3cret', 'a value of type string'],
    [() => {}, 'a value of type function'],
    [new Date(), 'a value of type Date'],
    [[], 'a value of type Array'],
  ])('rejects %s instead of an object', (options, description) => {
    expect(configErrorOf(() => check(options))).toMatchObject({
      code: 'invalid-option',
      message: `createThing takes an object of options, got ${description}. Known options: timeoutMs, url.`,
    })
  })
})
