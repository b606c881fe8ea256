import { CssSignerError } from './css-signer-error'

/**
 * Letters, digits and `. _ ~ -`, at most 255 (CN 267/31084 and 35598 allow "symbols" without
 * listing them). These characters read the same raw and percent-encoded, so it never matters
 * which of the two the server hashes.
 */
const wellFormed = /^[A-Za-z0-9._~-]{1,255}$/
const outsideAlphabet = /[^A-Za-z0-9._~-]/u

/** Whether a StreamName or AppName is one that CSS and URL parsers pass on unchanged. */
export function isStreamName(name: unknown): name is string {
  // URL parsers resolve these two away as path steps.
  return typeof name === 'string' && wellFormed.test(name) && name !== '.' && name !== '..'
}

/** Throws unless `name` is well formed, naming the character at fault and its place. */
export function checkName(what: 'StreamName' | 'AppName' | 'template', name: unknown): void {
  if (isStreamName(name)) return
  throw new CssSignerError('invalid-name', `${what} ${faultOf(name)}`)
}

/** Throws unless `template` can follow the last `_` of a stream name. */
export function checkTemplate(template: string): void {
  checkName('template', template)
  if (template.includes('_')) {
    throw new CssSignerError(
      'invalid-name',
      'template contains "_": CSS takes only the text after the last "_" for a template (CN 267/38393). Give the template a name without it.',
    )
  }
}

function faultOf(name: unknown): string {
  if (typeof name !== 'string') return `must be a string, not ${typeof name}.`
  if (name === '') return 'is empty.'
  if (name === '.' || name === '..') return 'is a relative path step; choose another name.'
  const fault = outsideAlphabet.exec(name)
  if (!fault) return `has ${name.length} characters; CSS takes at most 255.`
  const [character] = fault
  const codePoint = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `contains ${JSON.stringify(character)} (U+${codePoint}) at position ${fault.index + 1}; use only letters, digits and . _ ~ -`
}
