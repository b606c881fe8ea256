import { describe, expect, it } from 'vitest'
import { brandError, isBranded } from './brand'
import { IvhConfigError } from './config-error'

describe('isBranded', () => {
  it('accepts a branded error', () => {
    const error = new Error('x')
    brandError(error, 'PushError')
    expect(isBranded(error)).toBe(true)
  })

  it('accepts with a class name only errors of that class', () => {
    const error = new Error('x')
    brandError(error, 'PushError')
    expect(isBranded(error, 'PushError')).toBe(true)
    expect(isBranded(error, 'PlayerError')).toBe(false)
  })

  it('accepts an error that another copy of the package has branded', () => {
    const error = Object.defineProperty(new Error('x'), Symbol.for('ivh-kit.error'), {
      value: 'IvhConfigError',
    })
    expect(isBranded(error, 'IvhConfigError')).toBe(true)
  })

  it('accepts an IvhConfigError', () => {
    expect(isBranded(new IvhConfigError('x'), 'IvhConfigError')).toBe(true)
  })

  it.each([new Error('x'), {}, null, undefined, 'PushError', () => {}])(
    'rejects the unbranded value %s',
    (value) => {
      expect(isBranded(value)).toBe(false)
    },
  )
})

describe('brandError', () => {
  it('adds a brand that is not enumerable', () => {
    const error = new Error('x')
    brandError(error, 'PushError')
    expect({ ...error }).toEqual({})
    expect(Object.keys(error)).toEqual([])
    expect(Object.getOwnPropertySymbols({ ...error })).toEqual([])
  })
})

describe('IvhConfigError', () => {
  it('recognises with instanceof the error of another bundled copy', () => {
    const copy = new Error('x')
    brandError(copy, 'IvhConfigError')
    expect(copy instanceof IvhConfigError).toBe(true)
    const other = new Error('x')
    brandError(other, 'PushError')
    expect(other instanceof IvhConfigError).toBe(false)
  })
})
