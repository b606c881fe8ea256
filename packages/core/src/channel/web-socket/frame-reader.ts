import { Buffer, isUtf8 } from 'node:buffer'
import { closeCode, isCloseCode, longestControlBytes, opcode } from './frame'

/** What the other end sent. */
export interface FrameListener {
  text(text: string): void
  binary(data: Buffer): void
  ping(payload: Buffer): void
  /** `code` is 1005 when none was given. */
  close(code: number, reason: string): void
  /** It broke the protocol: nothing more is read. */
  violation(code: number, reason: string): void
}

/**
 * Reads what a server sends (RFC 6455, 5.2–5.6), however the network cuts it. It keeps no more than one
 * message and one header, and of a message no more than `maxMessageBytes`.
 */
export class FrameReader {
  readonly #listener: FrameListener
  readonly #maxMessageBytes: number
  /** A header that has not come as a whole; a server's has up to 10 bytes. */
  #rest: Buffer = none
  #inPayload = false
  #final = false
  #code = 0
  #length = 0
  /** The parts of the payload that have come, and what is missing. */
  #parts: Buffer[] = []
  #missing = 0
  /** The message whose frames are coming, its fragments that are complete, and their bytes. */
  #message = 0
  #fragments: Buffer[] = []
  #messageBytes = 0
  #stopped = false

  constructor(listener: FrameListener, maxMessageBytes: number) {
    this.#listener = listener
    this.#maxMessageBytes = maxMessageBytes
  }

  /** From now on everything is ignored. */
  stop(): void {
    this.#stopped = true
    this.#rest = none
    this.#parts = []
    this.#fragments = []
  }

  push(chunk: Buffer): void {
    let at = 0
    while (!this.#stopped) {
      if (this.#inPayload) {
        const part = chunk.subarray(at, at + this.#missing)
        at += part.length
        this.#missing -= part.length
        if (part.length > 0) this.#parts.push(part)
        if (this.#missing > 0) return
        this.#endFrame()
      } else {
        const rest = this.#rest
        const seen =
          rest.length === 0
            ? chunk.subarray(at)
            : Buffer.concat([rest, chunk.subarray(at, at + 10)])
        const taken = this.#header(seen)
        if (taken === 0) {
          // A copy: the chunk's memory may be large.
          if (!this.#stopped) this.#rest = Buffer.from(seen)
          return
        }
        at += taken - rest.length
        this.#rest = none
      }
    }
  }

  /** How long the header is; 0 when it is not there as a whole, or refused. */
  #header(bytes: Buffer): number {
    if (bytes.length < 2) return 0
    const [first = 0, second = 0] = bytes
    const final = (first & 0x80) !== 0
    const code = first & 0x0f
    const wrong = this.#wrong(first, second, final, code)
    if (wrong) return this.#refuse(closeCode.protocolError, wrong)
    let length = second & 0x7f
    let taken = 2
    if (length === 126) {
      if (bytes.length < 4) return 0
      length = bytes.readUInt16BE(2)
      taken = 4
      if (length < 126) return this.#refuse(closeCode.protocolError, 'length not minimal')
    } else if (length === 127) {
      if (bytes.length < 10) return 0
      length = bytes.readUInt32BE(2) * 2 ** 32 + bytes.readUInt32BE(6)
      taken = 10
      if (length < 65_536) return this.#refuse(closeCode.protocolError, 'length not minimal')
    }
    const bytesSoFar = code < opcode.close ? this.#messageBytes : 0
    if (bytesSoFar + length > this.#maxMessageBytes) {
      return this.#refuse(closeCode.tooBig, `message over ${this.#maxMessageBytes} bytes`)
    }
    this.#final = final
    this.#code = code
    this.#length = length
    this.#missing = length
    this.#inPayload = true
    return taken
  }

  #wrong(first: number, second: number, final: boolean, code: number): string | undefined {
    if ((first & 0x70) !== 0) return 'reserved bits'
    if ((second & 0x80) !== 0) return 'masked frame'
    switch (code) {
      case opcode.continuation:
        return this.#message === 0 ? 'continuation of nothing' : undefined
      case opcode.text:
      case opcode.binary:
        return this.#message === 0 ? undefined : 'message within a message'
      case opcode.close:
      case opcode.ping:
      case opcode.pong:
        if (!final) return 'fragmented control frame'
        return (second & 0x7f) > longestControlBytes ? 'long control frame' : undefined
      default:
        return `unknown opcode ${code}`
    }
  }

  #endFrame(): void {
    const payload = joined(this.#parts)
    this.#parts = []
    this.#inPayload = false
    if (this.#code >= opcode.close) return this.#control(payload)
    if (this.#code !== opcode.continuation) this.#message = this.#code
    if (!this.#final || this.#fragments.length > 0) {
      this.#fragments.push(payload)
      this.#messageBytes += this.#length
      // Empty fragments cost nobody a byte, and must not pile up.
      if (this.#length === 0 && this.#fragments.length > 1) this.#fragments.pop()
      if (this.#fragments.length >= mostFragments) this.#fragments = [joined(this.#fragments)]
    }
    if (!this.#final) return
    const whole = this.#fragments.length > 0 ? joined(this.#fragments) : payload
    const isText = this.#message === opcode.text
    this.#message = 0
    this.#fragments = []
    this.#messageBytes = 0
    if (!isText) this.#listener.binary(whole)
    else if (isUtf8(whole)) this.#listener.text(whole.toString('utf8'))
    else this.#refuse(closeCode.invalidText, 'invalid UTF-8')
  }

  #control(payload: Buffer): void {
    if (this.#code === opcode.ping) return this.#listener.ping(payload)
    if (this.#code === opcode.pong) return
    if (payload.length === 0) return this.#close(closeCode.none, '')
    const code = payload.length > 1 ? payload.readUInt16BE(0) : 0
    const reason = payload.subarray(2)
    if (!isCloseCode(code)) this.#refuse(closeCode.protocolError, 'invalid close code')
    else if (!isUtf8(reason)) this.#refuse(closeCode.invalidText, 'invalid UTF-8')
    else this.#close(code, reason.toString('utf8'))
  }

  #close(code: number, reason: string): void {
    this.stop()
    this.#listener.close(code, reason)
  }

  #refuse(code: number, reason: string): 0 {
    this.stop()
    this.#listener.violation(code, reason)
    return 0
  }
}

const none = Buffer.alloc(0)
/** More are put together, so that a message of tiny fragments does not cost many times its bytes. */
const mostFragments = 1024

function joined(parts: readonly Buffer[]): Buffer {
  const [only = none] = parts
  return parts.length < 2 ? only : Buffer.concat(parts)
}
