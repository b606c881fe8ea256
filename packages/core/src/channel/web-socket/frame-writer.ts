import { Buffer } from 'node:buffer'
import type { Duplex } from 'node:stream'
import { opcode } from './frame'
import { mask, nextMaskingKey } from './masking'

const blockBytes = 64 * 1024
/** So much is handed over at once, though the tick is not over. */
const batchBytes = 32 * 1024
const longestHeaderBytes = 14

/**
 * Puts masked frames one behind the other into a block and hands over with one write what one tick
 * brings: the system call is the dearest part of a message.
 */
export class FrameWriter {
  readonly #stream: Duplex
  #block = Buffer.allocUnsafeSlow(blockBytes)
  #words = wordsOf(this.#block)
  /** What lies before is with the stream, what lies between waits for the end of the tick. */
  #from = 0
  #to = 0
  #underWay = 0
  #scheduled = false

  constructor(stream: Duplex) {
    this.#stream = stream
  }

  /** Bytes that have not left yet. */
  get buffered(): number {
    return this.#to - this.#from + this.#stream.writableLength
  }

  text(text: string): void {
    const { length } = text
    // A UTF-16 unit takes one to three bytes; when all of that has one form of header, nothing is counted.
    const sure = length >= 126 && 3 * length < 65_536
    const bytes = sure ? 3 * length : Buffer.byteLength(text)
    this.#reserve(longestHeaderBytes + bytes)
    const start = this.#to + headerBytes(bytes)
    const end = start + this.#block.write(text, start, bytes, 'utf8')
    this.#finish(opcode.text, start, end)
  }

  control(code: number, payload: Uint8Array): void {
    this.#reserve(longestHeaderBytes + payload.length)
    const start = this.#to + headerBytes(payload.length)
    this.#block.set(payload, start)
    this.#finish(code, start, start + payload.length)
  }

  /** Hands over what waits. */
  readonly flush = (): void => {
    this.#scheduled = false
    if (this.#from === this.#to) return
    const batch = this.#block.subarray(this.#from, this.#to)
    this.#from = this.#to
    this.#underWay += 1
    this.#stream.write(batch, this.#left)
  }

  /** The header before the payload, and the mask over it. */
  #finish(code: number, start: number, end: number): void {
    const block = this.#block
    const length = end - start
    let at = this.#to
    block[at++] = 0x80 | code
    if (length < 126) block[at++] = 0x80 | length
    else if (length < 65_536) {
      block[at++] = 0x80 | 126
      at = block.writeUInt16BE(length, at)
    } else {
      block[at++] = 0x80 | 127
      at = block.writeUInt32BE(Math.floor(length / 2 ** 32), at)
      at = block.writeUInt32BE(length >>> 0, at)
    }
    const key = nextMaskingKey()
    block.writeInt32LE(key, at)
    mask(block, this.#words, start, end, key)
    this.#to = end
    if (this.#to - this.#from >= batchBytes) this.flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      process.nextTick(this.flush)
    }
  }

  #reserve(bytes: number): void {
    if (this.#to + bytes <= this.#block.length) return
    this.flush()
    this.#block = Buffer.allocUnsafeSlow(Math.max(blockBytes, (bytes + 3) & ~3))
    this.#words = wordsOf(this.#block)
    this.#from = 0
    this.#to = 0
    // What is under way lies in the old block.
    this.#left = this.#watchBlock()
    this.#underWay = 0
  }

  #watchBlock(): () => void {
    const block = this.#block
    return () => {
      if (block !== this.#block) return
      this.#underWay -= 1
      // All of it has left: it may be written over.
      if (this.#underWay === 0 && this.#from === this.#to) {
        this.#from = 0
        this.#to = 0
      }
    }
  }

  #left = this.#watchBlock()
}

function headerBytes(length: number): number {
  return length < 126 ? 6 : length < 65_536 ? 8 : 14
}

function wordsOf({ buffer, byteOffset, length }: Buffer): Int32Array {
  return new Int32Array(buffer, byteOffset, length >>> 2)
}
