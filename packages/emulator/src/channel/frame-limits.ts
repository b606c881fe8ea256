/** The size of a frame is not documented; larger ones end the connection with code 1009. */
export const maxFrameBytes = 1024 * 1024

/** The reason of a close frame has room for so many bytes. */
const maxReasonBytes = 123

/** A reason that fits into a close frame. */
export function closeReason(reason: string): string {
  const bytes = new TextEncoder().encode(reason)
  let end = Math.min(bytes.length, maxReasonBytes)
  // Not within a character: its later bytes begin with the bits 10.
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return new TextDecoder().decode(bytes.subarray(0, end))
}
