import { Buffer } from 'node:buffer'

export interface FrameParts {
  readonly opcode: number
  readonly payload?: string | Uint8Array
  readonly final?: boolean
  /** The three reserved bits. */
  readonly reserved?: number
  /** As only a client may. */
  readonly masked?: boolean
  /** How long the length is, in bits; default the shortest. */
  readonly lengthBits?: 7 | 16 | 64
  /** What the header says, whatever comes behind it. */
  readonly saidLength?: bigint
}

/** One frame as a server sends it, or as it must not. */
export function serverFrame(parts: FrameParts): Buffer {
  const { final = true, masked = false, opcode, reserved = 0 } = parts
  const payload = Buffer.from(parts.payload ?? '')
  const length = parts.saidLength ?? BigInt(payload.length)
  const bits = parts.lengthBits ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64)
  const first = (final ? 0x80 : 0) | (reserved << 4) | opcode
  const maskBit = masked ? 0x80 : 0
  const short = bits === 7 ? Number(length) : bits === 16 ? 126 : 127
  const header = Buffer.from([first, maskBit | short])
  const extended = Buffer.alloc(bits === 7 ? 0 : bits / 8)
  if (bits === 16) extended.writeUInt16BE(Number(length))
  if (bits === 64) extended.writeBigUInt64BE(length)
  return Buffer.concat([header, extended, Buffer.alloc(masked ? 4 : 0), payload])
}

export function closePayload(code: number, reason: string | Uint8Array = ''): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)])
}
