/** What is spoken in one go, or a silence. */
export type ScriptPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'pause'; readonly milliseconds: number }

/** Long enough for a melody, short enough that the first sound comes soon. */
const LONGEST_TEXT = 120

const SENTENCE_END = /(?<=[。！？；!?;\n]|[.…](?=\s))/u
const CLAUSE_END = /(?<=[，、：,:]|\s[-–—])/u

/** Lengths of `<break strength>`; the document names the strengths and not their times (1211/81278). */
const STRENGTHS: Readonly<Record<string, number>> = {
  'x-weak': 100,
  weak: 250,
  medium: 500,
  strong: 1000,
  'x-strong': 2000,
}

const LONGEST_PAUSE_MS = 50_000

/** Numbers that are read one digit after the other, and words letter by letter (1240/65921). */
const SPELT_OUT =
  /<say-as\b[^>]*\binterpret-as\s*=\s*["'](?:digits|telephone|id|characters)["'][^>]*>([^<]*)<\/say-as\s*>/gi

/**
 * Cuts a text with or without SSML (1211/65921) into what a voice speaks. `<break>` becomes a
 * pause, `<sub>` its alias, `<say-as>` of digits its single ones, and every other tag is dropped and
 * its text kept.
 */
export function scriptOf(text: string): ScriptPart[] {
  const parts: ScriptPart[] = []
  let rest = ''
  const flush = (): void => {
    for (const sentence of rest.split(SENTENCE_END)) parts.push(...textParts(sentence))
    rest = ''
  }
  const substituted = text
    .replace(/<(?:!--[\s\S]*?--|[!?][^>]*)>/g, '')
    .replace(
      /<sub\b[^>]*\balias\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>[\s\S]*?<\/sub\s*>/gi,
      (_all, double?: string, single?: string) => double ?? single ?? '',
    )
    .replace(SPELT_OUT, (_all, inner: string) => ` ${[...inner.replace(/\s+/g, '')].join(' ')} `)
  for (const piece of substituted.split(/(<\/?[a-z][^>]*>)/i)) {
    if (/^<break\b/i.test(piece)) {
      flush()
      parts.push({ kind: 'pause', milliseconds: breakMs(piece) })
    } else if (!/^<\/?[a-z][^>]*>$/i.test(piece)) rest += unescaped(piece)
  }
  flush()
  return parts
}

function textParts(sentence: string): ScriptPart[] {
  const pieces: string[] = []
  for (const clause of sentence.length > LONGEST_TEXT ? sentence.split(CLAUSE_END) : [sentence]) {
    const last = pieces.at(-1)
    if (last !== undefined && last.length + clause.length <= LONGEST_TEXT) {
      pieces[pieces.length - 1] = last + clause
    } else pieces.push(...words(clause))
  }
  return pieces
    .filter((piece) => /[\p{L}\p{N}]/u.test(piece))
    .map((piece) => ({ kind: 'text', text: piece.trim() }))
}

/** A clause without any mark, cut between words, and inside them where there are none. */
function words(clause: string): string[] {
  const pieces: string[] = []
  let rest = [...clause]
  while (rest.length > LONGEST_TEXT) {
    const space = rest.lastIndexOf(' ', LONGEST_TEXT)
    const end = space > 0 ? space : LONGEST_TEXT
    pieces.push(rest.slice(0, end).join(''))
    rest = rest.slice(end)
  }
  return [...pieces, rest.join('')]
}

function breakMs(tag: string): number {
  const [, amount, unit] = /\btime\s*=\s*["']?(\d+(?:\.\d+)?)(ms|s)/i.exec(tag) ?? []
  if (amount !== undefined) {
    return Math.min(Number(amount) * (unit?.toLowerCase() === 's' ? 1000 : 1), LONGEST_PAUSE_MS)
  }
  const [, strength = 'medium'] = /\bstrength\s*=\s*["']?([a-z-]+)/i.exec(tag) ?? []
  return STRENGTHS[strength.toLowerCase()] ?? 500
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (all, name: string) => ENTITIES[name] ?? all)
}
