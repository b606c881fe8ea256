/** Reads the bits of an H.264 RBSP, the highest bit of each byte first. */
export class BitReader {
  readonly bytes: Uint8Array
  position = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  bit(): number {
    const byte = this.bytes[this.position >> 3]
    if (byte === undefined) throw new RangeError('The H.264 unit ends in the middle of a field.')
    const bit = (byte >> (7 - (this.position & 7))) & 1
    this.position += 1
    return bit
  }

  bits(count: number): number {
    let value = 0
    for (let index = 0; index < count; index++) value = value * 2 + this.bit()
    return value
  }

  /** Unsigned Exp-Golomb code, ue(v). */
  unsigned(): number {
    let zeros = 0
    while (this.bit() === 0) zeros += 1
    return 2 ** zeros - 1 + this.bits(zeros)
  }
}

/** Removes the emulation prevention bytes of a NAL unit (RBSP). */
export function toRbsp(nal: Uint8Array): Uint8Array {
  const out = new Uint8Array(nal.length)
  let length = 0
  let zeros = 0
  for (const byte of nal) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0
      continue
    }
    out[length++] = byte
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return out.subarray(0, length)
}

/** Adds the emulation prevention bytes to an RBSP. */
export function fromRbsp(rbsp: Uint8Array): Uint8Array {
  const out = new Uint8Array(rbsp.length + (rbsp.length >> 1) + 1)
  let length = 0
  let zeros = 0
  for (const byte of rbsp) {
    if (zeros >= 2 && byte <= 3) {
      out[length++] = 3
      zeros = 0
    }
    out[length++] = byte
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return out.slice(0, length)
}
