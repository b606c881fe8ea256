interface Tag {
  /** The allowed values of each attribute, as a pattern and in words. A name with `?` is optional. */
  readonly attributes: Readonly<Record<string, readonly [allowed: RegExp, words: string]>>
  /** True for an empty tag: `<tag/>`. */
  readonly empty?: true
  /** Names of the tags that this tag may contain. */
  readonly inside: readonly string[]
}

const sayAsTypes = [
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
]
const inSpeech = ['phoneme', 'break', 'word', 'sub', 'say-as', 'insert-action']
const filled = /\S/

/**
 * The tags of 1240/65921 and 1240/81278. The list is independent of the client's list, so that each checks
 * the other.
 */
const tags: ReadonlyMap<string, Tag> = new Map<string, Tag>([
  ['speak', { attributes: {}, inside: inSpeech }],
  [
    'phoneme',
    {
      attributes: {
        alphabet: [/^py$/, 'py'],
        ph: [
          /^[a-zü:]+[1-5]( [a-zü:]+[1-5])*$/i,
          'pinyin with a tone of 1 to 5, such as "ni3 hao3"',
        ],
      },
      inside: [],
    },
  ],
  [
    'break',
    {
      attributes: {
        'time?': [
          /^([1-9]s|([5-9]\d|[1-9]\d\d|[1-8]\d{3}|9000)ms)$/,
          'whole seconds from 1s to 9s or milliseconds from 50ms to 9000ms',
        ],
        'strength?': [
          /^(x-weak|weak|medium|strong|x-strong)$/,
          'x-weak, weak, medium, strong or x-strong',
        ],
      },
      empty: true,
      inside: [],
    },
  ],
  ['word', { attributes: {}, inside: ['insert-action'] }],
  [
    'sub',
    { attributes: { alias: [filled, 'the text to read instead'] }, inside: ['insert-action'] },
  ],
  [
    'say-as',
    {
      attributes: {
        'interpret-as': [
          new RegExp(`^(${sayAsTypes.join('|')})$`),
          `one of ${sayAsTypes.join(', ')}`,
        ],
      },
      inside: [],
    },
  ],
  [
    'insert-action',
    { attributes: { type: [filled, 'the code of an action'] }, empty: true, inside: [] },
  ],
])

/** The start of markup. A `<` before another character, as in `1 < 2`, is text. */
const markupStart = /<(?=[/!?]?[a-z]|!--)/gi
const tagHere =
  /<(?<slash>\/?)(?<name>[a-z][\w-]*)(?<given>(?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?<closed>\/?)>/iy
const attribute = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Returns the first difference between a text and the documented SSML, or undefined. */
export function ssmlProblem(text: string): string | undefined {
  const open: string[] = []
  for (const { index } of text.matchAll(markupStart)) {
    tagHere.lastIndex = index
    const groups = tagHere.exec(text)?.groups
    if (!groups) {
      return `"${text.slice(index, index + 24)}" is not a complete tag; write &lt; for a "<" in the text`
    }
    const { name = '', given = '', slash, closed } = groups
    const problem = slash ? closing(name, given, open) : opening(name, given, open, closed === '/')
    if (problem) return problem
  }
  const unclosed = open.at(-1)
  return unclosed && `<${unclosed}> is not closed: </${unclosed}> is missing`
}

function closing(name: string, given: string, open: string[]): string | undefined {
  const expected = open.pop()
  if (expected === name && given === '') return undefined
  if (!expected) return `</${name}> closes nothing`
  return `</${name}> stands in the place of </${expected}>`
}

function opening(
  name: string,
  given: string,
  open: string[],
  selfClosing: boolean,
): string | undefined {
  const tag = tags.get(name)
  if (!tag) {
    return `<${name}> is not a documented tag (${[...tags.keys()].join(', ')}); write &lt; for a "<" in the text`
  }
  const parent = open.at(-1)
  if (parent !== undefined && !tags.get(parent)?.inside.includes(name)) {
    return `<${name}> is not allowed in <${parent}>`
  }
  if (tag.empty && !selfClosing) return `<${name}> must be empty: write <${name}/>`
  if (!tag.empty && selfClosing) return `<${name}/> needs a text: write <${name}>…</${name}>`
  if (!selfClosing) open.push(name)
  return attributesProblem(name, tag, given)
}

function attributesProblem(name: string, { attributes }: Tag, given: string): string | undefined {
  const rules = new Map(Object.entries(attributes))
  const seen = new Set<string>()
  for (const [, key = '', double, single] of given.matchAll(attribute)) {
    const rule = rules.get(key) ?? rules.get(`${key}?`)
    if (!rule) return `<${name}> has no attribute ${key}`
    if (seen.has(key)) return `<${name}> has ${key} twice`
    seen.add(key)
    const value = double ?? single ?? ''
    const [allowed, words] = rule
    if (!allowed.test(value)) return `${key}="${value}" of <${name}> must be ${words}`
  }
  for (const [key, [, words]] of rules) {
    if (!key.endsWith('?') && !seen.has(key)) return `<${name}> needs ${key}: ${words}`
  }
  return undefined
}

const markup = /<\/?[a-z][^<>]*>/gi

/** Removes all tags. */
export function withoutTags(text: string): string {
  return text.replace(markup, '')
}

/** Estimated duration of one character of speech, in milliseconds. */
const millisecondsPerCharacter = 70

/** Longest documented pause of a break, in milliseconds (1240/81278). */
const longestPauseMs = 9_000

/** Estimates the duration of the speech, with aliases and pauses. */
export function spokenMilliseconds(text: string): number {
  const heard = text.replace(
    /<sub\s[^<>]*?alias\s*=\s*(?:"([^"<]*)"|'([^'<]*)')[^<>]*>.*?<\/sub\s*>/gis,
    (_all, double?: string, single?: string) => double ?? single ?? '',
  )
  let pauses = 0
  for (const [, amount, unit] of heard.matchAll(
    /<break\s[^<>]*?time\s*=\s*["'](\d{1,4})(ms|s)["']/gi,
  )) {
    pauses += Math.min(longestPauseMs, Number(amount) * (unit === 'ms' ? 1 : 1_000))
  }
  return [...withoutTags(heard)].length * millisecondsPerCharacter + pauses
}
