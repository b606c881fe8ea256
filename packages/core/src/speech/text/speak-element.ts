/**
 * Opening tag that some samples of the vendor put around the whole text. The kit keeps the caller's choice.
 */
export const speakOpening = '<speak>'
export const speakClosing = '</speak>'

/** Bytes that remain for the content of `<speak>` in a packet. */
export function insideSpeak(maxBytes: number): number {
  return maxBytes - speakOpening.length - speakClosing.length
}

/** Puts `<speak>` around each part, except blank parts. */
export function eachInSpeak(parts: readonly string[]): string[] {
  return parts.map((part) => (part.trim() === '' ? part : speakOpening + part + speakClosing))
}
