const deepest = 20
const secretFields = new Set(['TrtcUserSig', 'TrtcPrivateMapKey', 'UserSig', 'PrivateMapKey'])

/** Hides the values of signatures and TRTC credentials in an address, or in a text that holds one. */
export function withoutSecrets(text: string): string {
  return text.replace(/\b(txSecret|userSig|privateMapKey)=[^&\s"']+/gi, '$1=[hidden]')
}

/** A copy of a payload that may be shown: no secrets, and audio as its length. */
export function redactPayload(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return withoutSecrets(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth === deepest) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => redactPayload(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (secretFields.has(name)) return [name, '[hidden]']
      if (name === 'Audio' && typeof item === 'string') return [name, `[${item.length} characters]`]
      return [name, redactPayload(item, depth + 1)]
    }),
  )
}
