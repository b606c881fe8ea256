/** What stands in the place of a secret. */
export const hidden = '[redacted]'

/** Names whose values are secrets, also as the end of a longer name such as `TrtcUserSig`. */
const secretName =
  '(?:access[_-]?token|signature|user[_-]?sig|private[_-]?map[_-]?key|tx[_-]?secret)'

const secretField = new RegExp(`${secretName}$`, 'i')

/** Whether what stands under this name is a secret. */
export function namesSecret(name: unknown): boolean {
  return typeof name === 'string' && secretField.test(name)
}

/** `%22`, and `%2522` where a text was encoded twice. */
const encoded = (...codes: string[]) => `%(?:25)*(?:${codes.join('|')})`

const quote = `(?:\\\\*["']|${encoded('22', '27', '5C')})`
const separator = `(?:=>|[=:]|${encoded('3A', '3D')}|\\\\+u003[ad])`
const alreadyHidden = '(?!\\[redacted\\])'

/** Up to the same quote that opened it, with as many backslashes: JSON inside JSON inside a text. */
const quotedValue = `(?<open>\\\\*["'])${alreadyHidden}(?:(?!(?<!\\\\)\\k<open>)[^])+`

/** Up to what ends a query value or a word. A `/` may be escaped, and so may anything by its code. */
const bareValue =
  `${alreadyHidden}(?:(?!${encoded('20', '22', '23', '26', '27', '2C', '5C', '7D')}` +
  `|\\\\+u00(?:22|26|27|3c|3e))(?:[^&\\s"'<>,;}\\]\\\\#]|\\\\+/|\\\\+u00[0-9a-f]{2}))+`

const secretPairs = new RegExp(
  `(?<name>${secretName}${quote}*\\s*${separator}\\s*)(?:${quotedValue}|(?<quotes>(?:${encoded('22', '27', '5C')})*)${bareValue})`,
  'gi',
)

/**
 * Hides the secrets of a text: `signature`, `accesstoken`, `TrtcUserSig`, `TrtcPrivateMapKey`,
 * `txSecret` and the credentials in TRTC play addresses; in URLs, percent-encoded ones too, and in
 * JSON, also where it stands as a string inside other JSON. Doing it twice changes nothing.
 */
export function redactText(text: string): string {
  return text.replace(secretPairs, (_match, name: string, open?: string, quotes?: string) => {
    return `${name}${open ?? quotes ?? ''}${hidden}`
  })
}
