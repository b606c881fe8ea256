import { RtmpProtocolError } from './protocol-error'

/** A value of AMF0. Class instances and references are not supported. */
export type Amf0Value =
  | number
  | boolean
  | string
  | null
  | undefined
  | Date
  | EcmaArray
  | Amf0Object
  | readonly Amf0Value[]

/** An anonymous object. Decoded objects have no prototype. */
export interface Amf0Object {
  readonly [key: string]: Amf0Value
}

/** An associative array of AMF0: the format of `onMetaData`. */
export class EcmaArray {
  readonly entries: Amf0Object
  constructor(entries: Amf0Object) {
    this.entries = entries
  }
}

const Marker = {
  number: 0x00,
  boolean: 0x01,
  string: 0x02,
  object: 0x03,
  null: 0x05,
  undefined: 0x06,
  ecmaArray: 0x08,
  objectEnd: 0x09,
  strictArray: 0x0a,
  date: 0x0b,
  longString: 0x0c,
  unsupported: 0x0d,
  xmlDocument: 0x0f,
  typedObject: 0x10,
} as const

const maxDepth = 16

/** Encodes the values one after the other, as in commands and script data. */
export function encodeAmf0(...values: readonly Amf0Value[]): Buffer {
  const parts: Buffer[] = []
  for (const value of values) write(parts, value)
  return Buffer.concat(parts)
}

function write(parts: Buffer[], value: Amf0Value): void {
  if (value === null) parts.push(Buffer.of(Marker.null))
  else if (value === undefined) parts.push(Buffer.of(Marker.undefined))
  else if (typeof value === 'number') parts.push(Buffer.of(Marker.number), float64(value))
  else if (typeof value === 'boolean') parts.push(Buffer.of(Marker.boolean, value ? 1 : 0))
  else if (typeof value === 'string') writeString(parts, value)
  else if (value instanceof Date) {
    parts.push(Buffer.of(Marker.date), float64(value.getTime()), Buffer.of(0, 0))
  } else if (value instanceof EcmaArray) {
    parts.push(Buffer.of(Marker.ecmaArray), uint32(Object.keys(value.entries).length))
    writeEntries(parts, value.entries)
  } else if (isAmf0List(value)) {
    parts.push(Buffer.of(Marker.strictArray), uint32(value.length))
    for (const item of value) write(parts, item)
  } else {
    parts.push(Buffer.of(Marker.object))
    writeEntries(parts, value)
  }
}

/** Returns true for a list. `Array.isArray` does not narrow read-only lists. */
export function isAmf0List(
  value: Amf0Object | readonly Amf0Value[],
): value is readonly Amf0Value[] {
  return Array.isArray(value)
}

function writeString(parts: Buffer[], value: string): void {
  const text = Buffer.from(value, 'utf8')
  if (text.length > 0xffff) parts.push(Buffer.of(Marker.longString), uint32(text.length), text)
  else parts.push(Buffer.of(Marker.string), uint16(text.length), text)
}

function writeEntries(parts: Buffer[], entries: Amf0Object): void {
  for (const [key, value] of Object.entries(entries)) {
    const name = Buffer.from(key, 'utf8')
    parts.push(uint16(name.length), name)
    write(parts, value)
  }
  parts.push(Buffer.of(0, 0, Marker.objectEnd))
}

function float64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleBE(value)
  return bytes
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

/** Encodes a number as four bytes. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/**
 * Decodes every value in `bytes`.
 *
 * @throws RtmpProtocolError for more than 16 nested levels, an unknown marker, or a length beyond the end.
 */
export function decodeAmf0(bytes: Buffer): Amf0Value[] {
  const cursor = new Cursor(bytes)
  const values: Amf0Value[] = []
  while (!cursor.atEnd) values.push(read(cursor, 0))
  return values
}

class Cursor {
  readonly #bytes: Buffer
  #offset = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#offset >= this.#bytes.length
  }

  take(length: number): Buffer {
    const end = this.#offset + length
    if (end > this.#bytes.length) {
      throw new RtmpProtocolError(
        `an AMF0 value needs ${length} bytes, but ${this.#bytes.length - this.#offset} remain`,
      )
    }
    const part = this.#bytes.subarray(this.#offset, end)
    this.#offset = end
    return part
  }

  byte(): number {
    return this.take(1).readUInt8(0)
  }

  text(lengthBytes: 2 | 4): string {
    return this.take(this.take(lengthBytes).readUIntBE(0, lengthBytes)).toString('utf8')
  }
}

function read(cursor: Cursor, depth: number): Amf0Value {
  if (depth > maxDepth) {
    throw new RtmpProtocolError(`AMF0 objects are nested deeper than ${maxDepth} levels`)
  }
  const marker = cursor.byte()
  switch (marker) {
    case Marker.number:
      return cursor.take(8).readDoubleBE(0)
    case Marker.boolean:
      return cursor.byte() !== 0
    case Marker.string:
      return cursor.text(2)
    case Marker.longString:
    case Marker.xmlDocument:
      return cursor.text(4)
    case Marker.null:
      return null
    case Marker.undefined:
    case Marker.unsupported:
      return undefined
    case Marker.date: {
      const date = new Date(cursor.take(8).readDoubleBE(0))
      cursor.take(2) // The time zone is reserved and 0.
      return date
    }
    case Marker.object:
      return readEntries(cursor, depth)
    case Marker.typedObject:
      cursor.text(2)
      return readEntries(cursor, depth)
    case Marker.ecmaArray:
      cursor.take(4) // The count is a hint and often wrong; the end marker decides.
      return new EcmaArray(readEntries(cursor, depth))
    case Marker.strictArray: {
      const count = cursor.take(4).readUInt32BE(0)
      const items: Amf0Value[] = []
      // Every item has at least one byte, so a wrong count ends with the bytes.
      for (let index = 0; index < count; index++) items.push(read(cursor, depth + 1))
      return items
    }
    default:
      throw new RtmpProtocolError(`AMF0 marker 0x${marker.toString(16)} is unknown`)
  }
}

function readEntries(cursor: Cursor, depth: number): Amf0Object {
  // Without a prototype, a key "__proto__" is an ordinary key.
  const entries: Record<string, Amf0Value> = Object.create(null)
  for (;;) {
    const key = cursor.text(2)
    if (key === '') {
      const end = cursor.byte()
      if (end === Marker.objectEnd) return entries
      throw new RtmpProtocolError(
        `AMF0 object has an empty key before marker 0x${end.toString(16)}`,
      )
    }
    entries[key] = read(cursor, depth + 1)
  }
}
