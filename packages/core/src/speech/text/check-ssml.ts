import { IvhConfigError } from '../../errors'
import { ssmlTags } from './ssml-tags'

const tagPattern = /<(\/?)([A-Za-z][\w-]*)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const attributePattern = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const unknownEntity = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i
/** Characters that XML does not allow. */
const forbiddenCharacter = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u

/** @throws IvhConfigError that names the wrong character, entity, tag or attribute. */
export function checkSsml(markup: string): void {
  checkCharacters(markup)
  checkTags(markup)
}

export function invalidSsml(why: string): IvhConfigError {
  return new IvhConfigError(`The SSML is not valid: ${why}`, {
    hint: 'See the SSML page of the vendor (1240/65921). The ssml tag escapes the values of its template.',
  })
}

function checkCharacters(markup: string): void {
  const [character] = forbiddenCharacter.exec(markup) ?? []
  if (character) {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    throw invalidSsml(`XML does not allow the character U+${code}`)
  }
  const found = unknownEntity.exec(markup)
  if (!found) return
  const shown = markup.slice(found.index, found.index + 20)
  throw invalidSsml(`"${shown}" is not an entity of XML: write &amp; for the character &`)
}

function checkTags(markup: string): void {
  const open: string[] = []
  for (let at = markup.indexOf('<'); at >= 0; at = markup.indexOf('<', tagPattern.lastIndex)) {
    tagPattern.lastIndex = at
    const match = tagPattern.exec(markup)
    if (!match) throw invalidSsml(`"${markup.slice(at, at + 20)}" is not a tag`)
    const [, slash, name = '', attributes = '', selfClosing] = match
    const tag = Object.hasOwn(ssmlTags, name) ? ssmlTags[name] : undefined
    if (!tag) throw invalidSsml(`<${name}> is not a tag that IVH documents`)
    if (slash) {
      if (open.pop() !== name) throw invalidSsml(`</${name}> closes nothing`)
      continue
    }
    checkPlace(name, open.at(-1))
    checkAttributes(name, attributes)
    if (tag.empty && !selfClosing) throw invalidSsml(`<${name}> is empty: write <${name} ... />`)
    if (!selfClosing) open.push(name)
    else if (!tag.empty) throw invalidSsml(`<${name}/> needs content`)
  }
  const [unclosed] = open
  if (unclosed) throw invalidSsml(`<${unclosed}> is not closed`)
}

function checkPlace(name: string, parent: string | undefined): void {
  if (name === 'speak' && parent) throw invalidSsml('<speak> must be outermost')
  if (parent && !ssmlTags[parent]?.inside?.includes(name)) {
    throw invalidSsml(`<${name}> must not stand inside <${parent}>`)
  }
}

function checkAttributes(name: string, text: string): void {
  const known = ssmlTags[name]?.attributes ?? {}
  const given = new Map<string, string>()
  for (const [, key = '', double, single] of text.matchAll(attributePattern)) {
    if (given.has(key)) throw invalidSsml(`<${name}> has ${key} twice`)
    given.set(key, double ?? single ?? '')
  }
  for (const [key, value] of given) {
    const attribute = Object.hasOwn(known, key) ? known[key] : undefined
    if (!attribute) throw invalidSsml(`<${name}> has no attribute ${key}`)
    if (!attribute.allows(value)) {
      throw invalidSsml(`${key} of <${name}> must be ${attribute.expected}`)
    }
  }
  for (const [key, { optional, expected }] of Object.entries(known)) {
    if (!optional && !given.has(key)) throw invalidSsml(`<${name}> needs ${key}: ${expected}`)
  }
}
