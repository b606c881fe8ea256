import { IvhConfigError } from '@ivh-kit/kernel'

/**
 * Letters, digits and `. _ ~ -`, at most 255. CN 267/31084 and 35598 allow "symbols" without a list. These
 * characters are the same raw and percent-encoded, so both forms have the same hash.
 */
const wellFormed = /^[A-Za-z0-9._~-]{1,255}$/
const outsideAlphabet = /[^A-Za-z0-9._~-]/u

/** True for a StreamName or AppName that CSS and URL parsers pass on unchanged. */
export function isStreamName(name: unknown): name is string {
  // Refuse "." and "..", because URL parsers resolve them as path segments.
  return typeof name === 'string' && wellFormed.test(name) && name !== '.' && name !== '..'
}

/**
 * Checks a name.
 *
 * @throws IvhConfigError with the wrong character and its position.
 */
export function checkName(option: 'StreamName' | 'AppName' | 'template', name: unknown): void {
  if (isStreamName(name)) return
  throw new IvhConfigError(`${option} ${faultOf(name)}`, {
    option,
    hint: 'Use only letters, digits and . _ ~ -, at most 255.',
  })
}

/**
 * Checks a template name, which follows the last `_` of a stream name.
 *
 * @throws IvhConfigError for a malformed name or a name with `_`.
 */
export function checkTemplate(template: string): void {
  checkName('template', template)
  if (!template.includes('_')) return
  throw new IvhConfigError('template contains "_"', {
    option: 'template',
    hint: 'CSS takes only the text after the last "_" for a template (CN 267/38393): rename the template.',
  })
}

function faultOf(name: unknown): string {
  if (typeof name !== 'string') return `must be a string, not ${typeof name}`
  if (name === '') return 'is empty'
  if (name === '.' || name === '..') return 'is a relative path step'
  const fault = outsideAlphabet.exec(name)
  if (!fault) return `has ${name.length} characters`
  const [character] = fault
  const codePoint = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `contains ${JSON.stringify(character)} (U+${codePoint}) at position ${fault.index + 1}`
}
