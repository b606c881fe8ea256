/** Some samples of the vendor have it around the whole text. The caller's choice is kept. */
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
