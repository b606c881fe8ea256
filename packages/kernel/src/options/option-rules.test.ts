import { describe, expect, it } from 'vitest'
import { configErrorOf } from '../testing/config-error-of'
import {
  callback,
  checkOptions,
  flag,
  type OptionRules,
  oneOf,
  port,
  text,
  textList,
  wholeNumber,
  withMethods,
} from './option-rules'

const rules: OptionRules<Record<string, unknown>> = {
  name: text,
  secure: flag,
  onEnd: callback,
  hosts: textList,
  port,
  most: wholeNumber(0),
  mode: oneOf('refuse', 'replace'),
  clock: withMethods('now', 'after'),
}
const check = (options: Record<string, unknown>) => checkOptions('createThing', options, rules)

describe('checkOptions', () => {
  it('accepts correct values and undefined', () => {
    const onEnd = () => undefined
    const clock = { now: onEnd, after: onEnd }
    check({
      name: 'a',
      secure: false,
      onEnd,
      hosts: ['a'],
      port: 0,
      most: 0,
      mode: 'replace',
      clock,
    })
    check({ name: undefined, port: undefined, clock: undefined })
  })

  it('rejects an unknown option and suggests the closest known option', () => {
    expect(configErrorOf(() => check({ ports: 1 }))).toMatchObject({
      code: 'unknown-option',
      option: 'ports',
      hint: 'Did you mean port?',
    })
  })

  it.each([
    ['name', 1, 'name must be a text, got 1'],
    ['secure', 'no', 'secure must be true or false, got a value of type string'],
    ['onEnd', {}, 'onEnd must be a function, got a value of type object'],
    ['hosts', 'a', 'hosts must be an array of texts, got a value of type string'],
    ['hosts', [1], 'hosts must be an array of texts, got a value of type array'],
    ['port', '80', 'port must be a whole number from 0 to 65535, got a value of type string'],
    ['port', 65_536, 'port must be a whole number from 0 to 65535, got 65536'],
    ['mode', 'keep', "mode must be 'refuse' or 'replace', got a value of type string"],
    ['clock', null, 'clock must be an object with now and after, got a value of type null'],
    ['clock', { now: 1 }, 'clock must be an object with now and after, got a value of type object'],
  ])('rejects %s with the value %j', (option, value, message) => {
    const error = configErrorOf(() => check({ [option]: value }))
    expect(error).toMatchObject({ code: 'invalid-option', option, message: `${message}.` })
  })

  it('passes a value to its own rule', () => {
    expect(configErrorOf(() => check({ most: -1 })).message).toContain('most is -1')
  })
})
