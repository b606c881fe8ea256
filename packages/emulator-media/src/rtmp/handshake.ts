import { randomBytes } from 'node:crypto'
import { RtmpProtocolError } from './protocol-error'

/** The only RTMP version in use; also the first byte by which RTMP is told from HTTP. */
export const RTMP_VERSION = 3

const PACKET_BYTES = 1536

/**
 * One side of the plain handshake (RTMP 1.0, 5.2). Collects what the peer sends, answers
 * through `send`, and gives back what is left over once the handshake is done.
 */
export class Handshake {
  #stage: 'version-and-first' | 'echo' | 'done' = 'version-and-first'
  #collected: Buffer = Buffer.alloc(0)

  constructor(
    private readonly role: 'client' | 'server',
    private readonly send: (bytes: Buffer) => void,
  ) {
    if (role === 'client') send(opening())
  }

  /**
   * Returns the bytes after the handshake, or undefined while it goes on.
   *
   * @throws RtmpProtocolError when the peer speaks another version.
   */
  push(bytes: Buffer): Buffer | undefined {
    this.#collected = Buffer.concat([this.#collected, bytes])
    if (this.#stage === 'version-and-first') this.#readFirst()
    if (this.#stage === 'echo') this.#readEcho()
    return this.#stage === 'done' ? this.#collected : undefined
  }

  #readFirst(): void {
    const version = this.#collected[0]
    if (version !== undefined && version !== RTMP_VERSION) {
      throw new RtmpProtocolError(`the peer speaks RTMP version ${version}, not ${RTMP_VERSION}`)
    }
    if (this.#collected.length < 1 + PACKET_BYTES) return
    const echo = Buffer.from(this.#collected.subarray(1, 1 + PACKET_BYTES))
    this.#collected = this.#collected.subarray(1 + PACKET_BYTES)
    this.#stage = 'echo'
    this.send(this.role === 'server' ? Buffer.concat([opening(), echo]) : echo)
  }

  #readEcho(): void {
    // The content is not compared: clients with the digest handshake send something else.
    if (this.#collected.length < PACKET_BYTES) return
    this.#collected = this.#collected.subarray(PACKET_BYTES)
    this.#stage = 'done'
  }
}

/** Version byte, time 0, four zero bytes (they say "no digest"), and random filling. */
function opening(): Buffer {
  return Buffer.concat([Buffer.of(RTMP_VERSION), Buffer.alloc(8), randomBytes(PACKET_BYTES - 8)])
}
