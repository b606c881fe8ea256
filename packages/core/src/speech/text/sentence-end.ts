/** Ends a sentence in Chinese and English, alone or in a row: "？！", "……". */
const marks = '。！？!?；;…'
/** What may close behind it. */
const closers = '"\'”’」』）)\\]'

/** Ends of sentences in a text that is there as a whole. */
export const sentenceEnd = new RegExp(`[${marks}\\n]+[${closers}]*|\\.[${closers}]*(?=\\s)`, 'gu')

/** Ends of sentences in a text that goes on: each is certain only by what follows it. */
export const certainSentenceEnd = new RegExp(
  `(?:[${marks}]+|\\n)[${closers}]*(?=[^${marks}${closers}])|\\.[${closers}]*(?=\\s)`,
  'gu',
)

/**
 * The end of a sentence that nothing follows yet. Behind a digit a full stop may be a decimal point.
 */
export const likelySentenceEnd = new RegExp(`(?:[${marks}\\n]|(?<!\\d)\\.)[${closers}]*\\s*$`, 'u')
