import { shorten } from './shorten'

const secretFields = new Set(['TrtcUserSig', 'TrtcPrivateMapKey', 'UserSig', 'PrivateMapKey'])

/** Maximum sizes of one stored payload. The longest documented text fits. */
const most = { characters: 8_000, text: 4_000, name: 100, members: 100, depth: 20 } as const

/** Hides the values of signatures and TRTC credentials in a text with addresses. */
export function withoutSecrets(text: string): string {
  return text.replace(/\b(txSecret|userSig|privateMapKey)=[^&\s"']+/gi, '$1=[hidden]')
}

/** The redacted payload and its length in characters. */
export interface Excerpt {
  readonly shown: unknown
  readonly characters: number
}

/** Copies a payload without secrets. Audio becomes its length; long parts are cut and marked. */
export function redactPayload(payload: unknown): Excerpt {
  let characters = 0
  const room = () => Math.max(0, most.characters - characters)
  const kept = (text: string) => {
    characters += text.length
    return text
  }
  const member = (name: string, value: unknown, depth: number) => {
    if (secretFields.has(name)) return kept('[hidden]')
    if (name === 'Audio' && typeof value === 'string') return kept(`[${value.length} characters]`)
    return show(value, depth + 1)
  }
  const show = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') {
      return kept(withoutSecrets(shorten(value, Math.min(most.text, room()))))
    }
    if (typeof value !== 'object' || value === null) {
      characters += 8
      return value
    }
    if (depth === most.depth) return kept('[too deep]')
    const all = Object.entries(value)
    const members: (readonly [name: string, shown: unknown])[] = []
    for (const [name, item] of all) {
      if (members.length === most.members || room() === 0) break
      members.push([kept(shorten(name, most.name)), member(name, item, depth)])
    }
    const left = all.length - members.length
    if (left > 0) members.push(['…', kept(`[cut, ${left} more]`)])
    return Array.isArray(value) ? members.map(([, shown]) => shown) : Object.fromEntries(members)
  }
  return { shown: show(payload, 0), characters }
}
