import { hidden } from './hidden'
import { namesSecret } from './secret-names'

/** Number of remembered values: signatures change every second, so the oldest are forgotten. */
const mostValues = 200
/** Shorter values occur in ordinary text. */
const shortestSecret = 8

interface Known {
  /** The longest part that no escaping changes. Looking for it is fast. */
  readonly core: string
  /** Created on first use. */
  pattern?: RegExp
}

const secrets = new Map<string, Known>()

/** Remembers the value of a secret, so that {@link hideKnownSecrets} finds it in any text. */
export function rememberSecret(value: unknown): void {
  if (typeof value !== 'string' || value.length < shortestSecret) return
  const known = secrets.get(value) ?? { core: longestPlainPart(value) }
  // Move the value to the end: it is in use.
  secrets.delete(value)
  secrets.set(value, known)
  if (secrets.size > mostValues) {
    const [oldest] = secrets.keys()
    if (oldest !== undefined) secrets.delete(oldest)
  }
}

function longestPlainPart(value: string): string {
  return value
    .split(/[^A-Za-z0-9]+/)
    .reduce((longest, part) => (part.length > longest.length ? part : longest), '')
}

/** Remembers the secrets in a payload: members with the name of a secret, and `txSecret` in addresses. */
export function rememberSecretsIn(value: unknown): void {
  if (typeof value === 'string') {
    for (const [, secret] of value.matchAll(/txSecret=([0-9a-f]+)/gi)) rememberSecret(secret)
  }
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    if (namesSecret(name)) rememberSecret(member)
    else rememberSecretsIn(member)
  }
}

/** Hides every remembered value, also when it is escaped for a URL, for JSON or for HTML. */
export function hideKnownSecrets(text: string): string {
  if (text.length < shortestSecret) return text
  let shown = text
  for (const [value, known] of secrets) {
    if (!shown.includes(known.core)) continue
    known.pattern ??= patternOf(value)
    shown = shown.replace(known.pattern, hidden)
  }
  return shown
}

function patternOf(value: string): RegExp {
  return new RegExp([...value].map(anyFormOf).join(''), 'gi')
}

const htmlNames: Readonly<Record<string, string>> = {
  '+': 'plus',
  '/': 'sol',
  '=': 'equals',
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
}

/** Matches a character as it is, and as URLs, JSON and HTML write it. */
function anyFormOf(character: string): string {
  if (/[A-Za-z0-9]/.test(character)) return character
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  const forms = [
    `\\\\*${character.replace(/[^\w\s]/g, '\\$&')}`,
    `%(?:25)*${hex.padStart(2, '0')}`,
    `\\\\+u${hex.padStart(4, '0')}`,
    `&#0*${code};`,
    `&#x0*${hex};`,
  ]
  const name = htmlNames[character]
  if (name) forms.push(`&${name};`)
  return `(?:${forms.join('|')})`
}
