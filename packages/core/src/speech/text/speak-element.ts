import { splitText } from './split-text'

/**
 * Opening tag that some samples of the vendor put around the whole text. The kit keeps the caller's choice.
 */
const speakOpening = '<speak>'
const speakClosing = '</speak>'

/** Bytes that remain for the content of `<speak>` in a packet. */
export function insideSpeak(maxBytes: number): number {
  return maxBytes - speakOpening.length - speakClosing.length
}

/** Puts `<speak>` around each part, except blank parts. */
export function eachInSpeak(parts: readonly string[]): string[] {
  return parts.map((part) => (part.trim() === '' ? part : speakOpening + part + speakClosing))
}

/** Returns the content of a `<speak>` around the whole text; undefined when there is none. */
export function contentOfSpeak(text: string): string | undefined {
  return /^\s*<speak>((?:(?!<speak>)[\s\S])*)<\/speak>\s*$/.exec(text)?.[1]
}

/**
 * Cuts a text after sentences into parts for SEND_TEXT. A blank text has no parts. A `<speak>` around the
 * text becomes one `<speak>` per part.
 *
 * @throws RangeError when one SSML element alone is longer than `maxBytes`.
 */
export function spokenParts(text: string, maxBytes: number): string[] {
  const inner = contentOfSpeak(text)
  if (Buffer.byteLength(text) <= maxBytes) return spoken([inner ?? text]).map(() => text)
  if (inner === undefined) return spoken(splitText(text, maxBytes))
  return eachInSpeak(spoken(splitText(inner, insideSpeak(maxBytes))))
}

/** Removes blank parts: the service never starts them. */
function spoken(parts: string[]): string[] {
  return parts.filter((part) => part.trim() !== '')
}
