/** What a frame holds (RFC 6455, 5.2). */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

/** Why a connection is closed (RFC 6455, 7.4.1). */
export const closeCode = {
  normal: 1000,
  protocolError: 1002,
  /** A close frame without a code; never sent. */
  none: 1005,
  /** No close frame came; never sent. */
  lost: 1006,
  invalidText: 1007,
  tooBig: 1009,
} as const

/** Codes that may stand in a close frame. */
export function isCloseCode(code: number): boolean {
  return (
    (code >= 1000 && code <= 1014 && ![1004, 1005, 1006].includes(code)) ||
    (code >= 3000 && code <= 4999)
  )
}

/** A control frame holds no more (RFC 6455, 5.5). */
export const longestControlBytes = 125
