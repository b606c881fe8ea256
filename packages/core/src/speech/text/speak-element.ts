/** Of the vendor's samples some have it around the whole text, some do not: who wrote it shall have it. */
export const speakOpening = '<speak>'
export const speakClosing = '</speak>'

/** What is left of a packet for what stands inside. */
export function insideSpeak(maxBytes: number): number {
  return maxBytes - speakOpening.length - speakClosing.length
}

/** Puts it around each part that says something. */
export function eachInSpeak(parts: readonly string[]): string[] {
  return parts.map((part) => (part.trim() === '' ? part : speakOpening + part + speakClosing))
}
