/** A syllable's sounds, by the names in `PHONES`, and how its melody goes. */
export interface SpelledSyllable {
  readonly phones: string
  /** Pitch at the beginning and at the end, in semitones from the speaker's own. */
  readonly melody: readonly [number, number]
}

/** Longest first: what English letters sound like, more or less. */
const ENGLISH: readonly (readonly [RegExp, string])[] = [
  [/^tion/, 'SEn'],
  [/^(ight|igh)/, 'ait'],
  [/^(ough)/, 'o'],
  [/^(tch|ch)/, 'C'],
  [/^sh/, 'S'],
  [/^th/, 'T'],
  [/^ph/, 'f'],
  [/^(ck|qu?)/, 'k'],
  [/^ng/, 'N'],
  [/^wh/, 'w'],
  [/^(ee|ea|ie)/, 'i'],
  [/^oo/, 'u'],
  [/^(ou|ow)/, 'au'],
  [/^(ai|ay|ei|ey)/, 'ei'],
  [/^(oi|oy)/, 'oi'],
  [/^(er|ir|ur)/, 'R'],
  [/^e(?=$)/, ''],
  [/^c(?=[eiy])/, 's'],
  [/^g(?=[ei])/, 'J'],
  [/^a/, 'A'],
  [/^x/, 'ks'],
  [/^y(?=[aeiou])/, 'j'],
  [/^y/, 'i'],
  [/^c/, 'k'],
  [/^j/, 'J'],
  [/^([bdfghklmnprstvwzeiou])/, '$1'],
]

/** Vowels that the letters alone would not give to the commonest words. */
const WORDS: Readonly<Record<string, string>> = {
  the: 'DE',
  a: 'E',
  to: 'tu',
  of: 'ov',
  i: 'ai',
  you: 'ju',
  me: 'mi',
  we: 'wi',
  he: 'hi',
  she: 'Si',
  be: 'bi',
}

const DIGITS = ['ziro', 'wan', 'tu', 'Tri', 'for', 'faiv', 'siks', 'sevEn', 'eit', 'nain']

/** The sounds of an English word, cut before the last consonant in front of each vowel. */
export function spellWord(word: string): SpelledSyllable[] {
  const lower = word.toLowerCase()
  let phones = WORDS[lower] ?? ''
  for (let rest = phones ? '' : lower; rest !== ''; ) {
    const digit = /^\d/.test(rest) ? DIGITS[Number(rest[0])] : undefined
    const rule = ENGLISH.find(([pattern]) => pattern.test(rest))
    const match = rule?.[0].exec(rest)
    phones += digit ?? (rule && match ? match[0].replace(rule[0], rule[1]) : '')
    rest = rest.slice(digit === undefined && match ? Math.max(match[0].length, 1) : 1)
  }
  const syllables = phones.match(/[^aeiouyAER]?[aeiouyAER]+(?:[^aeiouyAER](?![aeiouyAER]))*|^.+$/g)
  return (syllables ?? []).map((syllable, index) => ({
    phones: syllable,
    melody: index === 0 ? [2, 0.5] : [0, -1],
  }))
}

const INITIALS = [
  'b',
  'p',
  'm',
  'f',
  'd',
  't',
  'n',
  'l',
  'g',
  'k',
  'x',
  'J',
  'C',
  'S',
  's',
  'c',
  '',
]
const FINALS = [
  'a',
  'o',
  'e',
  'ai',
  'ei',
  'au',
  'ou',
  'an',
  'En',
  'aN',
  'ia',
  'ie',
  'i',
  'u',
  'uo',
  'y',
]
/** The four tones of Mandarin: high, rising, low, falling. */
const TONES = [
  [4, 4],
  [-1, 4],
  [-3, -4],
  [5, -4],
] as const

/**
 * A Han character as a syllable with a tone. Without a dictionary of 20 000 readings the syllable
 * is only one that could be Mandarin, always the same for the same character.
 */
export function spellHan(character: string): SpelledSyllable {
  let hash = Math.imul(character.codePointAt(0) ?? 0, 0x9e3779b1) >>> 0
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0
  const pick = <T>(choices: readonly T[], shift: number): T | undefined =>
    choices[(hash >>> shift) % choices.length]
  const final = pick(FINALS, 11) ?? 'a'
  return {
    phones: `${pick(INITIALS, 3) ?? ''}${final}`,
    melody: pick(TONES, 22) ?? TONES[0],
  }
}
