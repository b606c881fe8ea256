/** An SSML tag. */
export interface Tag {
  /** Name in lower case. */
  readonly name: string
  /** True for `</name>`. */
  readonly ends: boolean
  attribute(name: string): string | undefined
}

const tagPattern = /(<\/?[a-z][^<>]*>)/i
const tagParts = /^<(\/?)([^\s/>]+)/
/** One attribute; starts at a word boundary, so that no text is scanned twice. */
const attributePattern = /(?<![\w:-])([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'/>]+))/g

/**
 * Splits a text, with or without SSML, into texts and tags in turn. Leaves out comments and declarations;
 * an incomplete tag stays text.
 */
export function markupOf(text: string): (string | Tag)[] {
  const plain = withoutComments(text).replace(/<[!?][^<>]*>/g, '')
  return plain
    .split(tagPattern)
    .map((piece, index) => (index % 2 === 1 ? tagOf(piece) : unescaped(piece)))
}

export function isEnd(piece: string | Tag | undefined, name: string): boolean {
  return typeof piece === 'object' && piece.ends && piece.name === name
}

/** Scans by hand: a regular expression takes quadratic time for comments without an end. */
function withoutComments(text: string): string {
  let kept = ''
  let from = 0
  for (;;) {
    const begin = text.indexOf('<!--', from)
    const end = begin < 0 ? -1 : text.indexOf('-->', begin + 4)
    if (end < 0) return kept + text.slice(from)
    kept += text.slice(from, begin)
    from = end + 3
  }
}

function tagOf(text: string): Tag {
  const [, slash, name = ''] = tagParts.exec(text) ?? []
  return {
    name: name.toLowerCase(),
    ends: slash === '/',
    attribute: (wanted) => {
      for (const [, key, double, single, bare] of text.matchAll(attributePattern)) {
        if (key?.toLowerCase() === wanted) return unescaped(double ?? single ?? bare ?? '')
      }
      return undefined
    },
  }
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos);/g, (all, name: string) => entities[name] ?? all)
}
