/*
 * `Intl.Segmenter` does not serve here: it keeps "hello. how are you" and "I came. 3 saw" in one sentence,
 * and it cuts an address at its question mark.
 */

/** Marks that end a sentence, alone or in a row: "？！", "……", "।". Unicode lists them for every script. */
const mark = '(?:(?!\\.)[\\p{Sentence_Terminal}；;…])'
/** Marks that may close a sentence after its end. */
const closers = '"\'”’」』）)\\]'

/** Ends of sentences in a complete text. */
const completeEnd = new RegExp(`(?:${mark}|\\n)+[${closers}]*|\\.[${closers}]*(?=\\s)`, 'gu')

/** Ends of sentences in a text that continues. Each needs a following character. */
const certainEnd = new RegExp(
  `(?:${mark}+|\\n)[${closers}]*(?=(?!${mark})[^${closers}])|\\.[${closers}]*(?=\\s)`,
  'gu',
)

/** The end of a sentence at the end of the text. A full stop after a digit may be a decimal point. */
const likelyEnd = new RegExp(`(?:${mark}|\\n|(?<!\\d)\\.)[${closers}]*\\s*$`, 'u')

/** Abbreviations that stand before the rest of a sentence. */
const abbreviation =
  /(?:^|[\s(“"'])(?:Dr|Mr|Mrs|Ms|Prof|Sr|Jr|St|Mt|No|Nr|vs|e\.g|i\.e|cf|approx|Fig|Gen|Col|Capt|Lt|Sgt|Rev|Hon|Sen|Rep|Gov)$/
/** Initials: "J. Smith", "U.S. exports". */
const initials = /(?:^|[\s(“"'])(?:\p{Lu}\.)*\p{Lu}$/u
/** The number of an item in a list, at the start of a sentence. */
const listNumber = /(?:^|[\p{Sentence_Terminal}；;…\n]["'”’」』）)\]]*\s*)\d{1,3}$/u
const address = /(?:\w:\/\/|^www\.)\S*$/

/** The end of a sentence: its mark begins at `index`, the next sentence at `end`. */
export interface SentenceEnd {
  readonly index: number
  readonly end: number
}

/** Finds the ends of sentences. In a text that continues, only those that further text cannot change. */
export function sentenceEnds(text: string, continues = false): SentenceEnd[] {
  return [...text.matchAll(continues ? certainEnd : completeEnd)]
    .map(({ 0: whole, index }) => ({ index, end: index + whole.length }))
    .filter((found) => !isWithinSentence(text, found))
}

/** Returns where the last sentence of the text ends; undefined when the text ends in the middle of one. */
export function lastSentenceEnd(text: string): SentenceEnd | undefined {
  const match = likelyEnd.exec(text)
  if (!match) return undefined
  const found = { index: match.index, end: text.length }
  return isWithinSentence(text, found) ? undefined : found
}

function isWithinSentence(text: string, { index, end }: SentenceEnd): boolean {
  const before = text.slice(Math.max(0, index - 200), index)
  if (text.charAt(index) === '.') {
    return abbreviation.test(before) || initials.test(before) || listNumber.test(before)
  }
  const isInsideWord = end < text.length && /[^\s]/.test(text.charAt(end))
  return isInsideWord && address.test(before.slice(before.search(/\S*$/)))
}
