import { byteLength } from './byte-length'
import { splitText } from './split-text'

const wrapper = /^\s*<speak>([\s\S]*)<\/speak>\s*$/
const opening = '<speak>'
const closing = '</speak>'

/**
 * Cuts a text into parts that SEND_TEXT takes, at sentences. A `<speak>` around the whole is taken off
 * and put around each part.
 *
 * @throws RangeError when one SSML element alone is longer than `maxBytes`.
 */
export function spokenParts(text: string, maxBytes: number): string[] {
  if (byteLength(text) <= maxBytes) return [text]
  const inner = wrapper.exec(text)?.[1]
  if (inner === undefined) return spoken(splitText(text, maxBytes))
  const room = maxBytes - opening.length - closing.length
  return spoken(splitText(inner, room)).map((part) => `${opening}${part}${closing}`)
}

/** Parts of nothing but space would be utterances that never start. */
function spoken(parts: string[]): string[] {
  return parts.filter((part) => part.trim() !== '')
}
