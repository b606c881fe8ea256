import { IvhConfigError } from '../../errors'

interface Attribute {
  readonly required: boolean
  readonly allows: (value: string) => boolean
  readonly expected: string
}

interface Tag {
  readonly attributes: Readonly<Record<string, Attribute>>
  readonly empty: boolean
  /** Tags allowed inside; text always is, unless the tag is empty. */
  readonly inside: readonly string[]
}

const anything: Attribute['allows'] = (value) => value.trim() !== ''
const oneOf = (values: readonly string[], required: boolean): Attribute => ({
  required,
  allows: (value) => values.includes(value),
  expected: `one of ${values.join(', ')}`,
})

const everything = ['phoneme', 'break', 'word', 'sub', 'say-as', 'insert-action']

/** The tags of 1240/65921 and 1240/81278. */
const tags: Readonly<Record<string, Tag>> = {
  speak: { attributes: {}, empty: false, inside: everything },
  phoneme: {
    attributes: {
      alphabet: oneOf(['py'], true),
      ph: {
        required: true,
        allows: (value) => /^[a-zü:]+[1-5](?: [a-zü:]+[1-5])*$/i.test(value),
        expected: 'pinyin with a tone from 1 to 5 for each character, for example "ni3 hao3"',
      },
    },
    empty: false,
    inside: [],
  },
  break: {
    attributes: {
      time: {
        required: false,
        allows: isBreakTime,
        expected: 'whole seconds from 1s to 9s, or milliseconds from 50ms to 9000ms',
      },
      strength: oneOf(['x-weak', 'weak', 'medium', 'strong', 'x-strong'], false),
    },
    empty: true,
    inside: [],
  },
  word: { attributes: {}, empty: false, inside: ['insert-action'] },
  sub: {
    attributes: {
      alias: { required: true, allows: anything, expected: 'the text to be read instead' },
    },
    empty: false,
    inside: ['insert-action'],
  },
  'say-as': {
    attributes: {
      'interpret-as': oneOf(
        [
          'cardinal',
          'digits',
          'telephone',
          'address',
          'id',
          'date',
          'time',
          'punctuation',
          'characters',
          'measure',
          'currency',
        ],
        true,
      ),
    },
    empty: false,
    inside: [],
  },
  'insert-action': {
    attributes: {
      type: { required: true, allows: anything, expected: 'the code of an action of the avatar' },
    },
    empty: true,
    inside: [],
  },
}

function isBreakTime(value: string): boolean {
  const [, amount, unit] = /^(\d+)(s|ms)$/.exec(value) ?? []
  const number = Number(amount)
  return unit === 's' ? number >= 1 && number <= 9 : number >= 50 && number <= 9000
}

const piece = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const attributePattern = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

const entity = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i
/** What XML takes in no form. */
const noCharacter = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u

/** What may stand in a template: text, numbers, and SSML that {@link ssml} made. */
export type SsmlValue = string | number | Ssml

/** The same symbol in every installed copy of the package. */
const brand = Symbol.for('ivh-kit.ssml')

/** SSML that has been checked; as a string it is what `say` takes. */
export class Ssml {
  readonly #markup: string

  /** @internal Made by the `ssml` tag. */
  constructor(markup: string) {
    this.#markup = markup
    Object.defineProperty(this, brand, { value: true })
  }

  toString(): string {
    return this.#markup
  }
}

/** Whether the `ssml` tag made it, in whichever copy of the package. */
export function isSsml(value: unknown): value is Ssml {
  return typeof value === 'object' && value !== null && brand in value
}

/**
 * SSML with its values escaped and its tags checked: `phoneme`, `break`, `word`, `sub`, `say-as`,
 * `insert-action` and `speak`, with the attributes that the vendor documents (1240/65921). Another
 * `ssml` may stand inside as a value.
 *
 * @throws IvhConfigError naming the tag or the attribute that is wrong.
 * @example
 * session.say(ssml`Call us at <say-as interpret-as="telephone">${number}</say-as>.<break time="1s"/>`)
 */
export function ssml(strings: TemplateStringsArray, ...values: readonly SsmlValue[]): Ssml {
  let markup = ''
  for (const [index, string] of strings.entries()) {
    markup += string
    const value = values[index]
    if (isSsml(value)) markup += value.toString()
    else if (typeof value === 'string' || typeof value === 'number') markup += escapeXml(value)
    else if (index < values.length) {
      const what = value === null || value === undefined ? String(value) : `a(n) ${typeof value}`
      throw wrong(`value ${index + 1} is ${what}`)
    }
  }
  checkCharacters(markup)
  check(markup)
  return new Ssml(markup)
}

function escapeXml(value: string | number): string {
  return String(value)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;')
}

function checkCharacters(markup: string): void {
  const [character] = noCharacter.exec(markup) ?? []
  if (character) {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    throw wrong(`the character U+${code} may not stand in it`)
  }
  const found = entity.exec(markup)
  if (!found) return
  const shown = markup.slice(found.index, found.index + 20)
  throw wrong(`"${shown}" is not an entity of XML: write &amp; for the character &`)
}

function check(markup: string): void {
  const open: string[] = []
  for (let at = markup.indexOf('<'); at >= 0; at = markup.indexOf('<', piece.lastIndex)) {
    piece.lastIndex = at
    const match = piece.exec(markup)
    if (!match) throw wrong(`"${markup.slice(at, at + 20)}" is not a tag`)
    const [, slash, name = '', attributes = '', selfClosing] = match
    const tag = Object.hasOwn(tags, name) ? tags[name] : undefined
    if (!tag) throw wrong(`<${name}> is not a tag that IVH documents`)
    if (slash) {
      if (open.pop() !== name) throw wrong(`</${name}> closes nothing`)
      continue
    }
    checkPlace(name, open.at(-1))
    checkAttributes(name, tag, attributes)
    if (tag.empty && !selfClosing) throw wrong(`<${name}> is empty: write <${name} ... />`)
    if (!selfClosing) open.push(name)
    else if (!tag.empty) throw wrong(`<${name}/> holds nothing to be spoken`)
  }
  const [unclosed] = open
  if (unclosed) throw wrong(`<${unclosed}> is not closed`)
}

function checkPlace(name: string, parent: string | undefined): void {
  if (name === 'speak' && parent) throw wrong('<speak> must be outermost')
  if (parent && !tags[parent]?.inside.includes(name)) {
    throw wrong(`<${name}> must not stand inside <${parent}>`)
  }
}

function checkAttributes(name: string, tag: Tag, text: string): void {
  const given = new Map<string, string>()
  for (const [, key = '', double, single] of text.matchAll(attributePattern)) {
    if (given.has(key)) throw wrong(`<${name}> has ${key} twice`)
    given.set(key, double ?? single ?? '')
  }
  for (const [key, value] of given) {
    const known = Object.hasOwn(tag.attributes, key) ? tag.attributes[key] : undefined
    if (!known) throw wrong(`<${name}> has no attribute ${key}`)
    if (!known.allows(value)) throw wrong(`${key} of <${name}> must be ${known.expected}`)
  }
  for (const [key, { required, expected }] of Object.entries(tag.attributes)) {
    if (required && !given.has(key)) throw wrong(`<${name}> needs ${key}: ${expected}`)
  }
}

function wrong(what: string): IvhConfigError {
  return new IvhConfigError(`The SSML is not valid: ${what}`, {
    hint: 'See the SSML page of the vendor (1240/65921). Text put in as a value of the template is escaped.',
  })
}
