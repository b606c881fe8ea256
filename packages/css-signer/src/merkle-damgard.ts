/** What MD5 and SHA-256 share: the padding before the rounds and the hex after them. */

/**
 * Pads a message to whole 64-byte blocks: one bit set, zeros, then its length in bits.
 *
 * @param littleEndian - Byte order of the length: MD5 little, SHA-256 big.
 */
export function padMessage(message: Uint8Array, littleEndian: boolean): DataView {
  const markAndLength = 1 + 8
  const padded = new Uint8Array(Math.ceil((message.length + markAndLength) / 64) * 64)
  padded.set(message)
  padded[message.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setBigUint64(padded.length - 8, BigInt(message.length) * 8n, littleEndian)
  return view
}

/** Reads a digest out as lower-case hex. */
export function toHex(digest: DataView): string {
  let hex = ''
  for (let offset = 0; offset < digest.byteLength; offset += 4) {
    hex += digest.getUint32(offset).toString(16).padStart(8, '0')
  }
  return hex
}
