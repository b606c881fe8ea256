import { ssmlTags } from './ssml-tags'

/** The documented tags. Other text in angle brackets is plain text. */
const tagNames = Object.keys(ssmlTags).join('|')
const tag = new RegExp(`<(/?)(${tagNames})(?=[\\s/>])[^<>]*?(/?)>`, 'g')
const entity = /&#?\w{1,31};/g
/** A part of a text that must not be cut: from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number
  readonly end: number
}

interface Tag extends Range {
  readonly name: string
}

/**
 * Returns the outermost SSML elements and the entities of a text, in order. A tag without a partner is a
 * range of its own. So is each tag of `<speak>`, which may enclose a text of any length.
 */
export function ssmlRanges(text: string): Range[] {
  return outermost([...elements(text), ...entities(text)])
}

/** True when a range contains the character at `position`. */
export function isWithin(ranges: readonly Range[], position: number): boolean {
  return ranges.some(({ start, end }) => position >= start && position < end)
}

function elements(text: string): Range[] {
  const ranges: Range[] = []
  const unclosed: Tag[] = []
  for (const match of text.matchAll(tag)) {
    const [whole, slash, name = '', empty] = match
    const found = { name, start: match.index, end: match.index + whole.length }
    ranges.push(found)
    if (empty || name === 'speak') continue
    if (!slash) {
      unclosed.push(found)
      continue
    }
    const opener = unclosed.findLastIndex((candidate) => candidate.name === name)
    const [opened] = opener >= 0 ? unclosed.splice(opener) : []
    if (opened) ranges.push({ start: opened.start, end: found.end })
  }
  return ranges
}

function entities(text: string): Range[] {
  return [...text.matchAll(entity)].map(({ 0: whole, index }) => ({
    start: index,
    end: index + whole.length,
  }))
}

function outermost(ranges: Range[]): Range[] {
  const outer: Range[] = []
  for (const range of ranges.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = outer.at(-1)
    if (!last || range.start >= last.end) outer.push(range)
  }
  return outer
}
