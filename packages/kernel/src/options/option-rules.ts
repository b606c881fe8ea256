import { IvhConfigError } from '../errors/config-error'
import { checkDuration, checkWholeNumber } from './checks'
import { checkKnownOptions } from './known-options'

/** Checks the value of an option. Throws IvhConfigError for a wrong one. */
export type OptionRule = (option: string, value: unknown) => void

/** One rule for every option of a function. */
export type OptionRules<Options> = { readonly [Name in keyof Options]-?: OptionRule }

/**
 * Checks the names and values of options, because untyped callers can misspell them. An undefined option
 * counts as not given.
 *
 * @param subject The function that takes the options, for the message: `createCssOrigin`.
 * @throws IvhConfigError for an unknown or invalid option.
 */
export function checkOptions<Options extends object>(
  subject: string,
  options: Options,
  rules: OptionRules<Options>,
): void {
  checkKnownOptions(subject, options, Object.keys(rules))
  for (const [option, value] of Object.entries(options)) {
    if (value !== undefined) rules[option as keyof Options](option, value)
  }
}

/** Requires a value that `accepts` returns true for. `expected` completes the sentence "must be …". */
export function ruleOf(expected: string, accepts: (value: unknown) => boolean): OptionRule {
  return (option, value) => {
    if (accepts(value)) return
    // A text is not shown: it may be a secret.
    const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
    const got = type === 'number' ? String(value) : `a value of type ${type}`
    throw new IvhConfigError(`${option} must be ${expected}, got ${got}`, { option })
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'

export const text = ruleOf('a text', isText)
export const flag = ruleOf('true or false', (value) => typeof value === 'boolean')
export const callback = ruleOf('a function', (value) => typeof value === 'function')
export const textList = ruleOf(
  'an array of texts',
  (value) => Array.isArray(value) && value.every(isText),
)
export const duration: OptionRule = checkDuration

export const wholeNumber =
  (least: number): OptionRule =>
  (option, value) =>
    checkWholeNumber(option, value, least)

/** A TCP port, or 0 for any free port. */
export const port = ruleOf(
  'a whole number from 0 to 65535',
  (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535,
)

export const oneOf = (...values: readonly string[]): OptionRule =>
  ruleOf(values.map((value) => `'${value}'`).join(' or '), (value) =>
    values.includes(String(value)),
  )

/** An object with these methods. */
export const withMethods = (...names: readonly string[]): OptionRule =>
  ruleOf(
    `an object with ${names.join(' and ')}`,
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      names.every((name) => typeof Reflect.get(value, name) === 'function'),
  )
