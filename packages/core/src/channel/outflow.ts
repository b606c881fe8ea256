import type { WebSocketLike } from './web-socket-like'

/**
 * Whether anything leaves a socket. How much waits does not tell: a buffer that is as full as before may
 * have emptied in between. It fills with what is sent alone, so whenever less waits, some has left.
 */
export class Outflow {
  readonly #socket: Pick<WebSocketLike, 'bufferedAmount'>
  #waiting = 0
  #waitingAtMark = 0
  #moved = false

  constructor(socket: Pick<WebSocketLike, 'bufferedAmount'>) {
    this.#socket = socket
  }

  /** To be called before and after each send. */
  look(): void {
    const waiting = this.#socket.bufferedAmount
    if (waiting < this.#waiting) this.#moved = true
    this.#waiting = waiting
  }

  /** What waits now is what {@link isStuck} speaks of. */
  mark(): void {
    this.look()
    this.#waitingAtMark = this.#waiting
    this.#moved = false
  }

  /** Something waited at the mark, and nothing has left since. */
  isStuck(): boolean {
    this.look()
    return this.#waitingAtMark > 0 && !this.#moved
  }
}
