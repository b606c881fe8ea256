interface Attribute {
  readonly optional?: boolean
  readonly allows: (value: string) => boolean
  readonly expected: string
}

interface Tag {
  readonly attributes?: Readonly<Record<string, Attribute>>
  /** True when the tag has no content, such as `<break/>`. */
  readonly empty?: boolean
  /** Tags that its content may hold, besides text. */
  readonly inside?: readonly string[]
}

const notEmpty = (expected: string): Attribute => ({
  allows: (value) => value.trim() !== '',
  expected,
})
const oneOf = (...values: readonly string[]): Attribute => ({
  allows: (value) => values.includes(value),
  expected: `one of ${values.join(', ')}`,
})
const pinyin: Attribute = {
  allows: (value) => /^[a-zü:]+[1-5](?: [a-zü:]+[1-5])*$/i.test(value),
  expected: 'pinyin with a tone from 1 to 5 for each character, for example "ni3 hao3"',
}
const breakTime: Attribute = {
  allows: (value) => {
    const [, amount, unit] = /^(\d+)(s|ms)$/.exec(value) ?? []
    const number = Number(amount)
    return unit === 's' ? number >= 1 && number <= 9 : number >= 50 && number <= 9000
  },
  expected: 'whole seconds from 1s to 9s, or milliseconds from 50ms to 9000ms',
}
const strength = oneOf('x-weak', 'weak', 'medium', 'strong', 'x-strong')
const interpretations = oneOf(
  ...['cardinal', 'digits', 'telephone', 'address', 'id', 'date', 'time'],
  ...['punctuation', 'characters', 'measure', 'currency'],
)

/** The tags that the vendor documents (1240/65921, 1240/81278). */
export const ssmlTags: Readonly<Record<string, Tag>> = {
  speak: { inside: ['phoneme', 'break', 'word', 'sub', 'say-as', 'insert-action'] },
  phoneme: { attributes: { alphabet: oneOf('py'), ph: pinyin } },
  break: {
    empty: true,
    attributes: {
      time: { ...breakTime, optional: true },
      strength: { ...strength, optional: true },
    },
  },
  word: { inside: ['insert-action'] },
  sub: {
    attributes: { alias: notEmpty('the text to be read instead') },
    inside: ['insert-action'],
  },
  'say-as': { attributes: { 'interpret-as': interpretations } },
  'insert-action': {
    empty: true,
    attributes: { type: notEmpty('the code of an action of the avatar') },
  },
}
