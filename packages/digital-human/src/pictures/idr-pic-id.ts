import { BitReader, fromRbsp, toRbsp } from './bit-stream'

// Consecutive IDR pictures must differ in `idr_pic_id` (H.264, 7.4.3), or a decoder may take them for
// one. A bank plays any picture after any other, so it holds each with both numbers. Rewriting the number
// moves the rest of the slice by two bits, which is much faster than encoding the picture again.

const NAL_IDR = 5
const LENGTH_BYTES = 4
/** Profiles with no fields between the SPS id and `log2_max_frame_num_minus4`. */
const PLAIN_PROFILES = [66, 77, 88]

/** Returns the number of bits of `frame_num`, from the SPS in an AVCDecoderConfigurationRecord. */
export function frameNumBits(avcC: Uint8Array): number {
  const record = Buffer.from(avcC.buffer, avcC.byteOffset, avcC.byteLength)
  const sps = record.subarray(8, 8 + record.readUInt16BE(6))
  const bits = new BitReader(toRbsp(sps))
  bits.bits(8) // NAL header
  const profile = bits.bits(8)
  if (!PLAIN_PROFILES.includes(profile)) {
    throw new RangeError(
      `H.264 profile ${profile} is not supported. Supported profiles: ${PLAIN_PROFILES.join(', ')}.`,
    )
  }
  bits.bits(16) // constraints and level
  bits.unsigned() // seq_parameter_set_id
  return bits.unsigned() + 4
}

/** Copies an access unit (NAL units after 4-byte lengths) with another `idr_pic_id`. */
export function withIdrPicId(unit: Uint8Array, frameNumBits: number, id: 0 | 1): Uint8Array {
  const source = Buffer.from(unit.buffer, unit.byteOffset, unit.byteLength)
  const parts: Uint8Array[] = []
  for (let offset = 0; offset < source.length; ) {
    const start = offset + LENGTH_BYTES
    offset = start + source.readUInt32BE(offset)
    const nal = source.subarray(start, offset)
    const copy = (nal[0] ?? 0) % 32 === NAL_IDR ? rewriteSlice(nal, frameNumBits, id) : nal
    const length = Buffer.alloc(LENGTH_BYTES)
    length.writeUInt32BE(copy.length)
    parts.push(length, copy)
  }
  return Buffer.concat(parts)
}

function rewriteSlice(nal: Uint8Array, frameNumBits: number, id: 0 | 1): Uint8Array {
  const source = toRbsp(nal)
  const reader = new BitReader(source)
  reader.bits(8) // NAL header
  reader.unsigned() // first_mb_in_slice
  reader.unsigned() // slice_type
  reader.unsigned() // pic_parameter_set_id
  reader.bits(frameNumBits)
  const idStart = reader.position
  reader.unsigned()
  const idEnd = reader.position
  return fromRbsp(replaceBits(source, idStart, idEnd, id === 0 ? '1' : '010'))
}

/** Copies `source` up to its stop bit with the bits from `start` to `end` replaced. */
function replaceBits(source: Uint8Array, start: number, end: number, bits: string): Uint8Array {
  const shift = start + bits.length - end
  const stopBit = lastSetBit(source)
  const target = new Uint8Array(Math.ceil((stopBit + 1 + shift) / 8))
  const sourceBit = (position: number): number =>
    ((source[position >> 3] ?? 0) >> (7 - (position & 7))) & 1
  const firstWholeByte = Math.ceil((start + bits.length) / 8)
  for (let position = 0; position < firstWholeByte * 8; position++) {
    const bit =
      position < start
        ? sourceBit(position)
        : position < start + bits.length
          ? Number(bits[position - start])
          : sourceBit(position - shift)
    target[position >> 3] = (target[position >> 3] ?? 0) | (bit << (7 - (position & 7)))
  }
  for (let index = firstWholeByte; index < target.length; index++) {
    const position = index * 8 - shift
    const byte = position >> 3
    const pair = ((source[byte] ?? 0) << 8) | (source[byte + 1] ?? 0)
    target[index] = pair >> (8 - (position & 7))
  }
  return target
}

function lastSetBit(bytes: Uint8Array): number {
  for (let index = bytes.length - 1; index >= 0; index--) {
    const byte = bytes[index] ?? 0
    if (byte !== 0) return index * 8 + 7 - Math.log2(byte & -byte)
  }
  throw new RangeError('The H.264 slice is empty.')
}
