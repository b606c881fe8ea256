/** Marks that end a sentence in Chinese and English, alone or in a row: "？！", "……". */
const marks = '。！？!?；;…'
/** Marks that may close a sentence after its end. */
const closers = '"\'”’」』）)\\]'

/** Ends of sentences in a complete text. */
export const sentenceEnd = new RegExp(`[${marks}\\n]+[${closers}]*|\\.[${closers}]*(?=\\s)`, 'gu')

/** Ends of sentences in a text that continues. Each needs a following character. */
export const certainSentenceEnd = new RegExp(
  `(?:[${marks}]+|\\n)[${closers}]*(?=[^${marks}${closers}])|\\.[${closers}]*(?=\\s)`,
  'gu',
)

/** The end of a sentence at the end of the text. A full stop after a digit may be a decimal point. */
export const likelySentenceEnd = new RegExp(`(?:[${marks}\\n]|(?<!\\d)\\.)[${closers}]*\\s*$`, 'u')
