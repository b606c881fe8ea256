import { hidden } from './hidden'
import { hideKnownSecrets } from './known-secrets'
import { secretName } from './secret-names'

export { hidden } from './hidden'
export { namesSecret } from './secret-names'

/** Matches `%22`, and `%2522` in a text that was encoded twice. */
const encoded = (...codes: string[]) => `%(?:25)*(?:${codes.join('|')})`

const quote = `(?:\\\\*["']|${encoded('22', '27', '5C')})`
const separator = `(?:=>|[=:]|${encoded('3A', '3D')}|\\\\+u003[ad])`
const alreadyHidden = '(?!\\[redacted\\])'

/** Matches up to the closing quote with the same number of backslashes, for JSON inside JSON. */
const quotedValue = `(?<open>\\\\*["'])${alreadyHidden}(?:(?!(?<!\\\\)\\k<open>)[^])+`

/** Matches up to the end of a query value or a word. Characters may be escaped as `\/` or `\u002f`. */
const bareValue =
  `${alreadyHidden}(?:(?!${encoded('20', '22', '23', '26', '27', '2C', '5C', '7D')}` +
  `|\\\\+u00(?:22|26|27|3c|3e))(?:[^&\\s"'<>,;}\\]\\\\#]|\\\\+/|\\\\+u00[0-9a-f]{2}))+`

const secretPairs = new RegExp(
  `(?<name>${secretName}${quote}*\\s*${separator}\\s*)(?:${quotedValue}|(?<quotes>(?:${encoded('22', '27', '5C')})*)${bareValue})`,
  'gi',
)

/**
 * Redacts the secrets in a text: `signature`, `accesstoken`, `TrtcUserSig`, `TrtcPrivateMapKey`,
 * `txSecret` and the credentials in TRTC play addresses. Finds them in URLs, also percent-encoded, and in
 * JSON, also inside strings of other JSON. Hides the values that the kit has used itself in any place. A
 * second call changes nothing.
 */
export function redactText(text: string): string {
  return hideKnownSecrets(text).replace(
    secretPairs,
    (_match, name: string, open?: string, quotes?: string) => {
      return `${name}${open ?? quotes ?? ''}${hidden}`
    },
  )
}
