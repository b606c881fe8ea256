/** The fields of an AVCDecoderConfigurationRecord (ISO 14496-15, 5.2.4). */
export interface AvcConfig {
  /** Size of the length field before each NAL unit, in bytes. */
  readonly lengthBytes: number
  readonly parameterSets: readonly Buffer[]
}

/** The content of an H.264 video tag. */
export type AvcTag =
  | { readonly kind: 'config'; readonly record: Buffer }
  | {
      readonly kind: 'picture'
      readonly keyFrame: boolean
      /** Presentation time minus decoding time, in milliseconds. */
      readonly compositionMs: number
      readonly units: Buffer
    }

const avcCodec = 7
const headerBytes = 5

/** Reads the payload of a video tag. Returns undefined for other codecs and empty tags. */
export function readAvcTag(payload: Uint8Array): AvcTag | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  if (bytes.length <= headerBytes) return undefined
  const first = bytes.readUInt8(0)
  if (first & 0x80 || (first & 0x0f) !== avcCodec) return undefined
  const content = bytes.subarray(headerBytes)
  switch (bytes.readUInt8(1)) {
    case 0:
      return { kind: 'config', record: content }
    case 1:
      return {
        kind: 'picture',
        keyFrame: first >> 4 === 1,
        compositionMs: bytes.readIntBE(2, 3),
        units: content,
      }
    default:
      return undefined
  }
}

/** Reads a decoder configuration. Returns undefined when it is incomplete or has no parameter set. */
export function readAvcConfig(record: Buffer): AvcConfig | undefined {
  if (record.length < 7) return undefined
  const parameterSets: Buffer[] = []
  let offset = 5
  for (const mask of [0x1f, 0xff]) {
    let count = (record[offset] ?? 0) & mask
    offset += 1
    for (; count > 0; count--) {
      if (offset + 2 > record.length) return undefined
      const end = offset + 2 + record.readUInt16BE(offset)
      if (end > record.length) return undefined
      parameterSets.push(record.subarray(offset + 2, end))
      offset = end
    }
  }
  if (parameterSets.length === 0) return undefined
  return { lengthBytes: ((record[4] ?? 0) & 3) + 1, parameterSets }
}

/** Returns the NAL units of a picture, up to a length that exceeds the remaining bytes. */
export function nalUnits(units: Buffer, lengthBytes: number): Buffer[] {
  const found: Buffer[] = []
  let offset = 0
  while (offset + lengthBytes <= units.length) {
    const start = offset + lengthBytes
    const end = start + units.readUIntBE(offset, lengthBytes)
    if (end > units.length) break
    if (end > start) found.push(units.subarray(start, end))
    offset = end
  }
  return found
}

/** The NAL unit types that this package uses (H.264, table 7-1). */
export const NalType = { idr: 5, sps: 7, pps: 8, accessUnitDelimiter: 9 } as const

export function nalType(unit: Buffer): number {
  return (unit[0] ?? 0) & 0x1f
}

/**
 * Returns the NAL units of a picture for a decoder that may start here: with parameter sets before a key
 * frame, and without delimiters, which each transport adds if it needs them.
 */
export function decodableUnits(
  { keyFrame, units }: Extract<AvcTag, { kind: 'picture' }>,
  { lengthBytes, parameterSets }: AvcConfig,
): Buffer[] {
  const own = nalUnits(units, lengthBytes).filter(
    (unit) => nalType(unit) !== NalType.accessUnitDelimiter,
  )
  const complete = own.some((unit) => nalType(unit) === NalType.sps)
  return keyFrame && !complete ? [...parameterSets, ...own] : own
}
