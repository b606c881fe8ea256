import { randomBytes } from 'node:crypto'
import { RtmpProtocolError } from './protocol-error'

/** The only RTMP version in use. As the first byte of a connection it also distinguishes RTMP from HTTP. */
export const rtmpVersion = 3

const packetBytes = 1536

/** One side of the plain handshake (RTMP 1.0, 5.2). Responses go out through `send`. */
export class Handshake {
  readonly #role: 'client' | 'server'
  readonly #send: (bytes: Buffer) => void
  #stage: 'version-and-first' | 'echo' | 'done' = 'version-and-first'
  #collected: Buffer = Buffer.alloc(0)

  constructor(role: 'client' | 'server', send: (bytes: Buffer) => void) {
    this.#role = role
    this.#send = send
    if (role === 'client') send(opening())
  }

  /**
   * Takes the next bytes. Returns the bytes after the handshake, or undefined while it is incomplete.
   *
   * @throws RtmpProtocolError when the peer uses another RTMP version.
   */
  push(bytes: Buffer): Buffer | undefined {
    this.#collected = Buffer.concat([this.#collected, bytes])
    if (this.#stage === 'version-and-first') this.#readFirst()
    if (this.#stage === 'echo') this.#readEcho()
    return this.#stage === 'done' ? this.#collected : undefined
  }

  #readFirst(): void {
    const version = this.#collected[0]
    if (version !== undefined && version !== rtmpVersion) {
      throw new RtmpProtocolError(
        `the peer uses RTMP version ${version}; only version ${rtmpVersion} is supported`,
      )
    }
    if (this.#collected.length < 1 + packetBytes) return
    const echo = Buffer.from(this.#collected.subarray(1, 1 + packetBytes))
    this.#collected = this.#collected.subarray(1 + packetBytes)
    this.#stage = 'echo'
    this.#send(this.#role === 'server' ? Buffer.concat([opening(), echo]) : echo)
  }

  #readEcho(): void {
    // Do not compare the content, because clients with the digest handshake send other bytes.
    if (this.#collected.length < packetBytes) return
    this.#collected = this.#collected.subarray(packetBytes)
    this.#stage = 'done'
  }
}

/** Returns the version byte, time 0, four zero bytes ("no digest") and random bytes. */
function opening(): Buffer {
  return Buffer.concat([Buffer.of(rtmpVersion), Buffer.alloc(8), randomBytes(packetBytes - 8)])
}
