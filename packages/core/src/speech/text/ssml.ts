import { checkSsml, invalidSsml } from './check-ssml'

/** A value of an `ssml` template. Text and numbers are escaped; SSML is inserted unchanged. */
export type SsmlValue = string | number | Ssml

/** Marks SSML. Every installed copy of the package uses the same symbol. */
const brand = Symbol.for('ivh-kit.ssml')

/** Checked SSML for `say`. */
export class Ssml {
  readonly #markup: string

  /** @internal The `ssml` tag creates it. */
  constructor(markup: string) {
    this.#markup = markup
    Object.defineProperty(this, brand, { value: true })
  }

  toString(): string {
    return this.#markup
  }
}

/** True for a value that the `ssml` tag created, in any installed copy of the package. */
export function isSsml(value: unknown): value is Ssml {
  return typeof value === 'object' && value !== null && brand in value
}

/**
 * Creates SSML: escapes the values and checks the tags. It accepts `phoneme`, `break`, `word`, `sub`,
 * `say-as`, `insert-action` and `speak`, with the attributes that the vendor documents (1240/65921).
 *
 * @throws IvhConfigError that names the wrong tag or attribute.
 * @example
 * session.say(ssml`Call us at <say-as interpret-as="telephone">${number}</say-as>.<break time="1s"/>`)
 */
export function ssml(strings: TemplateStringsArray, ...values: readonly SsmlValue[]): Ssml {
  const parts = strings.map((string, index) =>
    index < values.length ? string + markupOf(values[index], index) : string,
  )
  const markup = parts.join('')
  checkSsml(markup)
  return new Ssml(markup)
}

/** @throws IvhConfigError for a value of another type, from an untyped caller. */
function markupOf(value: unknown, index: number): string {
  if (isSsml(value)) return value.toString()
  if (typeof value === 'string' || typeof value === 'number') return escapeXml(String(value))
  const shown = value === null || value === undefined ? String(value) : `of type ${typeof value}`
  throw invalidSsml(`value ${index + 1} is ${shown}; it must be a string, a number or SSML`)
}

/**
 * Returns the markup that speaks a value: text word for word, SSML as it is. Text is never markup, so that
 * `<ctrl+c>` in an answer and `<break/>` in a visitor's name are spoken and not obeyed.
 */
export function spokenMarkup(value: string | Ssml): string {
  if (isSsml(value)) return value.toString()
  return value.replace(/[&<>]/g, (character) => escapes[character] ?? character)
}

/**
 * Returns a fragment without markup. Fragments take no SSML (1240/100399), and the documents do not say
 * whether they take entities. The full-width sign has the same sound and no other meaning in either case.
 */
export function plainFragment(text: string): string {
  return text.replace(/<(?![\s\d=])/g, '＜')
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)
}
