import { Buffer, isUtf8 } from 'node:buffer'
import { closeCode, isCloseCode, longestControlBytes, opcode } from './frame'
import { Payload } from './payload'

/** What the other end sent. */
export interface FrameListener {
  text(text: string): void
  /** `data` is valid during the call. */
  binary(data: Buffer): void
  /** `payload` is valid during the call. */
  ping(payload: Buffer): void
  pong(): void
  /** `code` is 1005 when none was given. */
  close(code: number, reason: string): void
  /** It broke the protocol: nothing more is read. */
  violation(code: number, reason: string): void
}

interface Frame {
  readonly final: boolean
  readonly code: number
  /** Of the header, and of the payload, in bytes. */
  readonly taken: number
  readonly length: number
}

/** A server's header has no more bytes: its frames are not masked. */
const longestHeaderBytes = 10
const none = Buffer.alloc(0)

/**
 * Reads what a server sends (RFC 6455, 5.2–5.6), however the network cuts it. It keeps no more than one
 * header, one control frame and `maxMessageBytes` of one message.
 */
export class FrameReader {
  readonly #listener: FrameListener
  readonly #maxMessageBytes: number
  /** A header that has not come as a whole. */
  #header: Buffer = none
  /** The frame whose payload is coming, and how much of that is missing. */
  #frame: Frame | undefined
  #missing = 0
  readonly #control = new Payload()
  /** The message whose frames are coming: its opcode, and what has come of it. */
  #opcode: number | undefined
  readonly #message = new Payload()
  #stopped = false

  constructor(listener: FrameListener, maxMessageBytes: number) {
    this.#listener = listener
    this.#maxMessageBytes = maxMessageBytes
  }

  /** From now on everything is ignored. */
  stop(): void {
    this.#stopped = true
    this.#header = none
    this.#control.clear()
    this.#message.clear()
  }

  push(chunk: Buffer): void {
    let at = 0
    while (!this.#stopped) {
      const frame = this.#frame
      if (!frame) {
        const taken = this.#readHeader(chunk, at)
        if (taken === undefined) return
        at += taken
        continue
      }
      const part = chunk.subarray(at, at + this.#missing)
      at += part.length
      this.#missing -= part.length
      if (this.#missing === 0) {
        this.#frame = undefined
        this.#end(frame, part)
      } else {
        this.#payloadOf(frame).add(part)
        return
      }
    }
  }

  /** How much of the chunk it took; undefined when the header is not there as a whole, or refused. */
  #readHeader(chunk: Buffer, at: number): number | undefined {
    const kept = this.#header
    const seen =
      kept.length === 0
        ? chunk.subarray(at)
        : Buffer.concat([kept, chunk.subarray(at, at + longestHeaderBytes)])
    const frame = this.#parse(seen)
    if (!frame) {
      // A copy: the chunk's memory may be large.
      if (!this.#stopped) this.#header = Buffer.from(seen)
      return undefined
    }
    this.#header = none
    this.#frame = frame
    this.#missing = frame.length
    return frame.taken - kept.length
  }

  #parse(bytes: Buffer): Frame | undefined {
    if (bytes.length < 2) return undefined
    const [first = 0, second = 0] = bytes
    const final = (first & 0x80) !== 0
    const code = first & 0x0f
    const wrong = this.#wrong(first, second, final, code)
    if (wrong) return this.#refuse(closeCode.protocolError, wrong)
    let length = second & 0x7f
    let taken = 2
    if (length === 126) {
      taken = 4
      if (bytes.length < taken) return undefined
      length = bytes.readUInt16BE(2)
      if (length < 126) return this.#refuse(closeCode.protocolError, 'length not minimal')
    } else if (length === 127) {
      taken = 10
      if (bytes.length < taken) return undefined
      length = bytes.readUInt32BE(2) * 2 ** 32 + bytes.readUInt32BE(6)
      if (length < 65_536) return this.#refuse(closeCode.protocolError, 'length not minimal')
    }
    const before = isControl(code) ? 0 : this.#message.length
    if (before + length > this.#maxMessageBytes) {
      return this.#refuse(closeCode.tooBig, `message over ${this.#maxMessageBytes} bytes`)
    }
    return { final, code, taken, length }
  }

  #wrong(first: number, second: number, final: boolean, code: number): string | undefined {
    if ((first & 0x70) !== 0) return 'reserved bits'
    if ((second & 0x80) !== 0) return 'masked frame'
    switch (code) {
      case opcode.continuation:
        return this.#opcode === undefined ? 'continuation of nothing' : undefined
      case opcode.text:
      case opcode.binary:
        return this.#opcode === undefined ? undefined : 'message within a message'
      case opcode.close:
      case opcode.ping:
      case opcode.pong:
        if (!final) return 'fragmented control frame'
        return (second & 0x7f) > longestControlBytes ? 'long control frame' : undefined
      default:
        return `unknown opcode ${code}`
    }
  }

  #payloadOf({ code }: Frame): Payload {
    return isControl(code) ? this.#control : this.#message
  }

  /** The last part of a frame has come. */
  #end(frame: Frame, part: Buffer): void {
    const payload = this.#payloadOf(frame)
    const isControlFrame = payload === this.#control
    if (!isControlFrame && frame.code !== opcode.continuation) this.#opcode = frame.code
    const complete = isControlFrame || frame.final
    let whole = part
    if (!complete || payload.length > 0) {
      payload.add(part)
      if (!complete) return
      whole = payload.take()
    }
    if (isControlFrame) this.#endControl(frame.code, whole)
    else this.#endMessage(whole)
  }

  #endMessage(whole: Buffer): void {
    const isText = this.#opcode === opcode.text
    this.#opcode = undefined
    if (!isText) this.#listener.binary(whole)
    else if (isUtf8(whole)) this.#listener.text(whole.toString('utf8'))
    else this.#refuse(closeCode.invalidText, 'invalid UTF-8')
  }

  #endControl(code: number, payload: Buffer): void {
    if (code === opcode.ping) this.#listener.ping(payload)
    else if (code === opcode.pong) this.#listener.pong()
    else this.#endClose(payload)
  }

  #endClose(payload: Buffer): void {
    if (payload.length === 0) {
      this.#close(closeCode.none, '')
      return
    }
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

  #refuse(code: number, reason: string): undefined {
    this.stop()
    this.#listener.violation(code, reason)
  }
}

function isControl(code: number): boolean {
  return code >= opcode.close
}
