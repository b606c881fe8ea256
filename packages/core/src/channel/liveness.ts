import type { Clock } from '@ivh-kit/kernel'
import type { WebSocketLike } from './web-socket-like'

/**
 * Delay before silence counts, in milliseconds: a delayed process runs its due timers before it reads the
 * bytes that arrived meanwhile.
 */
const readingMs = 50

export interface LivenessParts {
  readonly clock: Clock
  /** Maximum silence after a ping, in milliseconds; `false` sends no pings. */
  readonly pongTimeoutMs: number | false
  /** Called when the other end no longer answers. */
  readonly silent: (how: string) => void
}

/**
 * Detects a connection whose other end is gone. A broken network may report nothing: sent bytes vanish and
 * none arrive.
 *
 * A server must answer pings (RFC 6455, 5.5.2), but it is unknown whether the gateway does. After the gateway
 * has answered one ping, silence after a later ping means a dead connection. Before that, only a missing
 * answer of the service does.
 */
export class Liveness {
  readonly #socket: Pick<WebSocketLike, 'ping'>
  readonly #parts: LivenessParts
  #heardAt: number
  #answersPings = false
  #cancel: (() => void) | undefined

  constructor(socket: Pick<WebSocketLike, 'ping'>, parts: LivenessParts) {
    this.#socket = socket
    this.#parts = parts
    this.#heardAt = parts.clock.now()
  }

  /** Call it with each message. */
  heard(): void {
    this.#heardAt = this.#parts.clock.now()
    this.stop()
  }

  ponged(): void {
    // Ignore a pong without a ping: it answers nothing (RFC 6455, 5.5.3).
    if (this.#cancel) this.#answersPings = true
    this.heard()
  }

  /** Sends a ping, unless one is unanswered. */
  ask(): void {
    const { clock, pongTimeoutMs } = this.#parts
    if (pongTimeoutMs === false || !this.#socket.ping || this.#cancel) return
    this.#cancel = clock.after(pongTimeoutMs, () => {
      this.#cancel = clock.after(readingMs, () => {
        this.#cancel = undefined
        if (this.#answersPings) this.#silent(`a ping was not answered within ${pongTimeoutMs} ms`)
      })
    })
    this.#socket.ping()
  }

  /** Checks the connection, because an answer of the service has been missing since `since` (clock time). */
  doubt(since: number): void {
    if (this.#answersPings) this.ask()
    else if (this.#heardAt <= since) this.#silent('no message arrived while an answer was due')
  }

  stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }

  #silent(how: string): void {
    this.stop()
    this.#parts.silent(how)
  }
}
