import { eachInSpeak, insideSpeak } from './speak-element'
import { splitText } from './split-text'

const wrapper = /^\s*<speak>([\s\S]*)<\/speak>\s*$/

/**
 * Cuts a text into parts that SEND_TEXT takes, at sentences; none when there is nothing to say. A
 * `<speak>` around the whole is taken off and put around each part.
 *
 * @throws RangeError when one SSML element alone is longer than `maxBytes`.
 */
export function spokenParts(text: string, maxBytes: number): string[] {
  const inner = wrapper.exec(text)?.[1]
  if (Buffer.byteLength(text) <= maxBytes) return spoken([inner ?? text]).map(() => text)
  if (inner === undefined) return spoken(splitText(text, maxBytes))
  return eachInSpeak(spoken(splitText(inner, insideSpeak(maxBytes))))
}

/** Parts of nothing but space would be utterances that never start. */
function spoken(parts: string[]): string[] {
  return parts.filter((part) => part.trim() !== '')
}
