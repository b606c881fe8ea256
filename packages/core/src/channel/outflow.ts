import type { WebSocketLike } from './web-socket-like'

/**
 * Detects a socket that sends no bytes. The buffered amount alone does not show it: a full buffer may have
 * emptied in between. Only sending fills the buffer, so a smaller amount means that bytes were sent.
 */
export class Outflow {
  readonly #socket: Pick<WebSocketLike, 'bufferedAmount'>
  #buffered = 0
  #bufferedAtMark = 0
  #moved = false

  constructor(socket: Pick<WebSocketLike, 'bufferedAmount'>) {
    this.#socket = socket
  }

  /** Call it before and after each send. */
  look(): void {
    const buffered = this.#socket.bufferedAmount
    if (buffered < this.#buffered) this.#moved = true
    this.#buffered = buffered
  }

  /** Starts a new period for {@link isStuck}. */
  mark(): void {
    this.look()
    this.#bufferedAtMark = this.#buffered
    this.#moved = false
  }

  /** True when bytes were buffered at the mark and none were sent since. */
  isStuck(): boolean {
    this.look()
    return this.#bufferedAtMark > 0 && !this.#moved
  }
}
