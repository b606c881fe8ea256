/**
 * Maximum size of a frame, in bytes. The vendor documents no limit. A larger frame closes the connection with
 * code 1009.
 */
export const maxFrameBytes = 1024 * 1024

/** Maximum length of the reason in a close frame, in bytes (RFC 6455, 5.5). */
const maxReasonBytes = 123

/** Cuts a reason so that it fits into a close frame. */
export function closeReason(reason: string): string {
  const bytes = new TextEncoder().encode(reason)
  let end = Math.min(bytes.length, maxReasonBytes)
  // Do not cut within a character: its later bytes begin with the bits 10.
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return new TextDecoder().decode(bytes.subarray(0, end))
}
