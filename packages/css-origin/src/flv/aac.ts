/** The fields of an AudioSpecificConfig that an ADTS header repeats (ISO 14496-3, 1.6.2.1). */
export interface AacConfig {
  readonly objectType: number
  readonly frequencyIndex: number
  /** Channel configuration; 0 when `program` describes the channels. */
  readonly channels: number
  /** Program config element, which ADTS carries at the start of a frame. */
  readonly program?: Buffer
}

/** The content of an AAC audio tag. */
export type AacTag =
  | { readonly kind: 'config'; readonly config: AacConfig | undefined }
  | { readonly kind: 'frame'; readonly frame: Uint8Array }

const aacFormat = 10

/** Reads the payload of an audio tag. Returns undefined for other codecs and empty tags. */
export function readAacTag(payload: Uint8Array): AacTag | undefined {
  const [first = 0, kind] = payload
  if (first >> 4 !== aacFormat || payload.length <= 2) return undefined
  const content = payload.subarray(2)
  if (kind === 0) return { kind: 'config', config: readConfig(content) }
  return { kind: 'frame', frame: content }
}

/** Sampling frequencies in the order of their index (ISO 14496-3, table 1.18). */
const frequencies: readonly number[] = [
  ...[96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000],
  ...[11_025, 8000, 7350],
]
const explicit = 15
/** Object types 5 and 29: SBR and PS on top of a core, which follows. */
const extensions: readonly number[] = [5, 29]

/** Reads an AudioSpecificConfig. Returns undefined when an ADTS header cannot carry it. */
function readConfig(bytes: Uint8Array): AacConfig | undefined {
  const bits = new BitReader(bytes)
  let objectType = bits.take(5)
  const frequencyIndex = readFrequency(bits)
  const channels = bits.take(4)
  if (extensions.includes(objectType)) {
    // ADTS has no explicit extension: a decoder finds it in the frames of the core.
    readFrequency(bits)
    objectType = bits.take(5)
  }
  // An ADTS header has two bits for the object type and three for the channels.
  const carried = objectType >= 1 && objectType <= 4 && channels <= 7
  if (!carried || frequencyIndex === undefined) return undefined
  if (bits.overrun) return undefined
  if (channels > 0) return { objectType, frequencyIndex, channels }
  bits.take(3) // Frame length, core coder and extension.
  const program = readProgram(bits)
  return program && { objectType, frequencyIndex, channels, program }
}

function readFrequency(bits: BitReader): number | undefined {
  const index = bits.take(4)
  if (index !== explicit) return frequencies[index] === undefined ? undefined : index
  const found = frequencies.indexOf(bits.take(24))
  return found < 0 ? undefined : found
}

/** Id of a program config element in a frame (ISO 14496-3, table 4.85), as bits. */
const programElement = '101'

/** Returns the program config element as the first bytes of a frame, without its comment. */
function readProgram(bits: BitReader): Buffer | undefined {
  const start = bits.position
  bits.take(4 + 2 + 4) // Tag, object type, frequency.
  const pairable = bits.take(4) + bits.take(4) + bits.take(4) // Front, side and back elements.
  const others = bits.take(2) + bits.take(3) // Low frequency and associated data.
  const coupling = bits.take(4)
  for (const mixdownBits of [4, 4, 3]) if (bits.take(1)) bits.take(mixdownBits)
  bits.take(5 * pairable + 4 * others + 5 * coupling)
  if (pairable === 0 || bits.overrun) return undefined
  const text = programElement + bits.text(start)
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8, '0')
  const comment = '00000000'
  return Buffer.from(
    (padded + comment).match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? [],
  )
}

/** Reads bits, the highest first. Bits beyond the end are 0. */
class BitReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get position(): number {
    return this.#at
  }

  /** Returns the bits from a position up to the current one as digits. */
  text(from: number): string {
    const digits = [...this.#bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
    return digits.slice(from, this.#at)
  }

  get overrun(): boolean {
    return this.#at > this.#bytes.length * 8
  }

  take(count: number): number {
    let value = 0
    for (const end = this.#at + count; this.#at < end; this.#at++) {
      value = value * 2 + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1)
    }
    return value
  }
}

const headerBytes = 7

/**
 * Puts an ADTS header in front of a frame (ISO 14496-3, 1.A.2). Returns undefined when the frame exceeds
 * the length field of the header, which has 13 bits.
 */
export function adtsFrame(frame: Uint8Array, config: AacConfig): Buffer | undefined {
  const program = config.program ?? Buffer.alloc(0)
  const length = headerBytes + program.length + frame.length
  if (length > 0x1fff) return undefined
  const bytes = Buffer.allocUnsafe(length)
  bytes[0] = 0xff
  bytes[1] = 0xf1 // MPEG-4, no checksum
  bytes[2] = ((config.objectType - 1) << 6) | (config.frequencyIndex << 2) | (config.channels >> 2)
  bytes[3] = ((config.channels & 3) << 6) | (length >> 11)
  bytes[4] = length >> 3
  bytes[5] = (length << 5) | 0x1f // Buffer fullness: variable bit rate.
  bytes[6] = 0xfc
  bytes.set(program, headerBytes)
  bytes.set(frame, headerBytes + program.length)
  return bytes
}
