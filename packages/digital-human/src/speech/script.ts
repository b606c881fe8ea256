import { isEnd, markupOf, type Tag } from './markup'

/** A text that is spoken in one go, or a pause. */
export type ScriptPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pause'; readonly milliseconds: number }

/** Maximum length of a text in characters: long enough for intonation, short enough for an early start. */
const longestText = 120

const sentenceEnd = /(?<=[。！？；!?;\n]|[.…](?=\s))/u
const clauseEnd = /(?<=[，、：,:]|\s[-–—])/u

/**
 * Duration of each `<break strength>`, in milliseconds. The durations are our choice: the document gives only
 * the names (1211/81278).
 */
const strengths: Readonly<Record<string, number>> = {
  'x-weak': 100,
  weak: 250,
  medium: 500,
  strong: 1000,
  'x-strong': 2000,
}

const longestPauseMs = 50_000

/** Kinds of `<say-as>` that are read digit by digit or letter by letter (1240/65921). */
const speltOut = new Set(['digits', 'telephone', 'id', 'characters'])

/**
 * Cuts a text, with or without SSML (1211/65921), into parts for a voice. `<break>` becomes a pause,
 * `<sub>` its alias, `<say-as>` of digits the single digits; other tags are dropped and their text stays.
 * Takes linear time for any text.
 */
export function scriptOf(text: string): ScriptPart[] {
  const parts: ScriptPart[] = []
  let rest = ''
  const flush = (): void => {
    for (const sentence of rest.split(sentenceEnd)) parts.push(...textParts(sentence))
    rest = ''
  }
  const pieces = markupOf(text)
  const lastSubEnd = pieces.findLastIndex((piece) => isEnd(piece, 'sub'))
  for (let index = 0; index < pieces.length; index++) {
    const piece = pieces[index]
    if (piece === undefined) break
    if (typeof piece === 'string') rest += piece
    else if (piece.ends) continue
    else if (piece.name === 'break') {
      flush()
      parts.push({ kind: 'pause', milliseconds: breakMs(piece) })
    } else if (piece.name === 'sub' && piece.attribute('alias') !== undefined) {
      if (index > lastSubEnd) continue
      rest += piece.attribute('alias')
      while (!isEnd(pieces[index], 'sub')) index += 1
    } else if (piece.name === 'say-as' && speltOut.has(piece.attribute('interpret-as') ?? '')) {
      const inner = pieces[index + 1]
      if (typeof inner !== 'string' || !isEnd(pieces[index + 2], 'say-as')) continue
      rest += ` ${[...inner.replace(/\s+/g, '')].join(' ')} `
      index += 2
    }
  }
  flush()
  return parts
}

function textParts(sentence: string): ScriptPart[] {
  const pieces: string[] = []
  for (const clause of sentence.length > longestText ? sentence.split(clauseEnd) : [sentence]) {
    const last = pieces.at(-1)
    if (last !== undefined && last.length + clause.length <= longestText) {
      pieces[pieces.length - 1] = last + clause
    } else pieces.push(...words(clause))
  }
  return pieces
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece))
    .map((piece) => ({ kind: 'text', text: piece.trim() }))
}

/** Cuts a long clause without punctuation at spaces, or anywhere when it has none. */
function words(clause: string): string[] {
  const pieces: string[] = []
  const letters = [...clause]
  let from = 0
  while (letters.length - from > longestText) {
    const piece = letters.slice(from, from + longestText + 1)
    const space = piece.lastIndexOf(' ')
    const end = space > 0 ? space : longestText
    pieces.push(piece.slice(0, end).join(''))
    from += end
  }
  return [...pieces, letters.slice(from).join('')]
}

function breakMs(tag: Tag): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s)/i.exec(tag.attribute('time') ?? '') ?? []
  if (amount !== undefined) {
    return Math.min(Number(amount) * (unit?.toLowerCase() === 's' ? 1000 : 1), longestPauseMs)
  }
  return strengths[tag.attribute('strength')?.toLowerCase() ?? 'medium'] ?? 500
}
