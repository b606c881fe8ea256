const hidden = '[redacted]'

/** Field names whose values are secrets wherever they stand. */
const secretFields = new Set([
  'accesstoken',
  'signature',
  'trtcusersig',
  'usersig',
  'trtcprivatemapkey',
  'privatemapkey',
  'txsecret',
])

/** `name=value` pairs inside URLs and texts. The value ends where a query value or a quoted text ends. */
const secretPairs =
  /\b(accesstoken|signature|trtcusersig|usersig|trtcprivatemapkey|privatemapkey|txsecret)(=|%3D|"?\s*:\s*"?)([^&\s"'<>,;}\]]+)/gi

/**
 * Hides the secrets of a text: `signature`, `accesstoken`, `TrtcUserSig`, `TrtcPrivateMapKey`,
 * `txSecret` and the credentials in TRTC play addresses, in URLs as well as in JSON.
 */
export function redactText(text: string): string {
  return text.replace(secretPairs, (_match, name: string, separator: string) => {
    return `${name}${separator}${hidden}`
  })
}

/** A deep copy of a JSON-like value with every secret hidden. Cycles are cut. */
export function redact(value: unknown): unknown {
  return redactValue(value, new Set())
}

function redactValue(value: unknown, seen: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null) return value
  if (seen.has(value)) return '[circular]'
  seen.add(value)
  const copy = Array.isArray(value)
    ? value.map((item) => redactValue(item, seen))
    : Object.fromEntries(
        Object.entries(value).map(([name, item]) => [
          name,
          secretFields.has(name.toLowerCase()) ? hidden : redactValue(item, seen),
        ]),
      )
  seen.delete(value)
  return copy
}
