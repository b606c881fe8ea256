import { Buffer } from 'node:buffer'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Block, giveBack, takeBlock } from './blocks'
import { opcode } from './frame'
import { mask, nextMaskingKey } from './masking'

/** So much is handed over at once, though the tick is not over. */
const batchBytes = 32 * 1024
const longestHeaderBytes = 14

/**
 * Puts masked frames one behind the other into a block and hands over with one write what one tick
 * brings: the system call is the dearest part of a message.
 */
export class FrameWriter {
  readonly #stream: Duplex
  #filling: Filling | undefined
  #scheduled = false

  constructor(stream: Duplex) {
    this.#stream = stream
  }

  /** Bytes that have not left yet. */
  get buffered(): number {
    const { to = 0, from = 0 } = this.#filling ?? {}
    return to - from + this.#stream.writableLength
  }

  text(text: string): void {
    const { length } = text
    // A UTF-16 unit takes one to three bytes; when all of that has one form of header, nothing is counted.
    const sure = length >= 126 && 3 * length < 65_536
    const bytes = sure ? 3 * length : Buffer.byteLength(text)
    const filling = this.#room(bytes)
    const start = filling.to + headerBytes(bytes)
    const end = start + filling.block.bytes.write(text, start, bytes, 'utf8')
    this.#finish(filling, opcode.text, start, end)
  }

  control(code: number, payload: Uint8Array): void {
    const filling = this.#room(payload.length)
    const start = filling.to + headerBytes(payload.length)
    filling.block.bytes.set(payload, start)
    this.#finish(filling, code, start, start + payload.length)
  }

  /** Hands over what waits. */
  readonly flush = (): void => {
    this.#scheduled = false
    const filling = this.#filling
    if (!filling || filling.from === filling.to) return
    const batch = filling.block.bytes.subarray(filling.from, filling.to)
    filling.from = filling.to
    filling.underWay += 1
    this.#stream.write(batch, filling.left)
  }

  /** The header before the payload, and the mask over it. */
  #finish(filling: Filling, code: number, start: number, end: number): void {
    const { bytes, words } = filling.block
    const length = end - start
    let at = filling.to
    bytes[at++] = 0x80 | code
    if (length < 126) bytes[at++] = 0x80 | length
    else if (length < 65_536) {
      bytes[at++] = 0x80 | 126
      at = bytes.writeUInt16BE(length, at)
    } else {
      bytes[at++] = 0x80 | 127
      at = bytes.writeUInt32BE(Math.floor(length / 2 ** 32), at)
      at = bytes.writeUInt32BE(length >>> 0, at)
    }
    const key = nextMaskingKey()
    bytes.writeInt32LE(key, at)
    mask(bytes, words, start, end, key)
    filling.to = end
    if (end - filling.from >= batchBytes) this.flush()
    else if (!this.#scheduled) {
      this.#scheduled = true
      process.nextTick(this.flush)
    }
  }

  /** A block with room for one frame more. */
  #room(payloadBytes: number): Filling {
    const bytes = longestHeaderBytes + payloadBytes
    if (this.#filling && this.#filling.to + bytes <= this.#filling.block.bytes.length) {
      return this.#filling
    }
    this.flush()
    const filling = new Filling(takeBlock(bytes), () => {
      if (this.#filling === filling) this.#filling = undefined
      // The other end of a stream in memory may still hold what it was given.
      if (this.#stream instanceof Socket) giveBack(filling.block)
    })
    this.#filling = filling
    return filling
  }
}

/** One block while it is filled and sent. */
class Filling {
  readonly block: Block
  /** All of it has left. */
  readonly #over: () => void
  /** What lies before is with the stream, what lies between waits for the end of the tick. */
  from = 0
  to = 0
  underWay = 0

  constructor(block: Block, over: () => void) {
    this.block = block
    this.#over = over
  }

  /** To be called when the stream is done with a batch. */
  readonly left = (failed?: Error | null): void => {
    this.underWay -= 1
    if (failed || this.underWay > 0 || this.from !== this.to) return
    this.#over()
  }
}

function headerBytes(length: number): number {
  return length < 126 ? 6 : length < 65_536 ? 8 : 14
}
