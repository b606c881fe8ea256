import { type FlvTag, FlvTagType, type FlvTagTypeId } from './flv-tag'

const headerBytes = 9
const tagHeaderBytes = 11
const sizeBytes = 4

/** Reads an FLV stream that arrives in any pieces. */
export class FlvReader {
  #pending: Buffer = Buffer.alloc(0)
  #contains: { readonly audio: boolean; readonly video: boolean } | undefined

  /** The kinds of media in the file header; undefined until the header has arrived. */
  get contains(): { readonly audio: boolean; readonly video: boolean } | undefined {
    return this.#contains
  }

  /**
   * Takes the next bytes and returns the completed tags.
   *
   * @throws Error when the bytes are not FLV.
   */
  push(bytes: Uint8Array): FlvTag[] {
    this.#pending = Buffer.concat([this.#pending, bytes])
    if (!this.#contains && !this.#readHeader()) return []
    const tags: FlvTag[] = []
    for (;;) {
      const tag = this.#readTag()
      if (!tag) return tags
      tags.push(tag)
    }
  }

  #readHeader(): boolean {
    const end = headerBytes + sizeBytes
    if (this.#pending.length < end) return false
    if (this.#pending.toString('latin1', 0, 3) !== 'FLV') {
      throw new Error('The stream is not FLV: it must start with "FLV".')
    }
    const flags = this.#pending.readUInt8(4)
    this.#contains = { audio: (flags & 4) !== 0, video: (flags & 1) !== 0 }
    this.#pending = this.#pending.subarray(end)
    return true
  }

  #readTag(): FlvTag | undefined {
    const bytes = this.#pending
    if (bytes.length < tagHeaderBytes) return undefined
    const size = tagHeaderBytes + bytes.readUIntBE(1, 3)
    if (bytes.length < size + sizeBytes) return undefined
    if (bytes.readUInt32BE(size) !== size) {
      throw new Error(`The size after an FLV tag of ${size} bytes is ${bytes.readUInt32BE(size)}.`)
    }
    this.#pending = bytes.subarray(size + sizeBytes)
    return {
      type: tagType(bytes.readUInt8(0)),
      timestamp: (bytes.readUIntBE(4, 3) | (bytes.readUInt8(7) << 24)) >>> 0,
      payload: bytes.subarray(tagHeaderBytes, size),
    }
  }
}

function tagType(id: number): FlvTagTypeId {
  if (id === FlvTagType.audio || id === FlvTagType.video || id === FlvTagType.script) return id
  throw new Error(`Unknown FLV tag type ${id}. Known types: 8, 9, 18.`)
}
