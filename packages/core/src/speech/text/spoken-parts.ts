import { eachInSpeak, insideSpeak } from './speak-element'
import { splitText } from './split-text'

const wrapper = /^\s*<speak>([\s\S]*)<\/speak>\s*$/

/**
 * Cuts a text after sentences into parts for SEND_TEXT. A blank text has no parts. A `<speak>` around the
 * text becomes one `<speak>` per part.
 *
 * @throws RangeError when one SSML element alone is longer than `maxBytes`.
 */
export function spokenParts(text: string, maxBytes: number): string[] {
  const inner = wrapper.exec(text)?.[1]
  if (Buffer.byteLength(text) <= maxBytes) return spoken([inner ?? text]).map(() => text)
  if (inner === undefined) return spoken(splitText(text, maxBytes))
  return eachInSpeak(spoken(splitText(inner, insideSpeak(maxBytes))))
}

/** Removes blank parts: the service never starts them. */
function spoken(parts: string[]): string[] {
  return parts.filter((part) => part.trim() !== '')
}
