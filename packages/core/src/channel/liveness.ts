import type { Clock } from '@ivh-kit/kernel'
import type { WebSocketLike } from './web-socket-like'

/** A delayed process runs its due timers before it reads the bytes that arrived meanwhile. */
const readingMs = 50

export interface LivenessParts {
  readonly clock: Clock
  /** Longest silence after a ping; `false` sends no pings. */
  readonly pongTimeoutMs: number | false
  /** The other end does not answer any more. */
  readonly silent: (how: string) => void
}

/**
 * Detects a connection whose other end is gone. A broken network may report nothing: sent bytes vanish and
 * none arrive.
 *
 * A server must answer pings (RFC 6455, 5.5.2), but it is unknown whether the gateway does. After it has
 * answered one ping, silence after a later ping counts. Before that, only silence while an answer of the
 * service is due counts.
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
    // A pong without a ping answers nothing (RFC 6455, 5.5.3).
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

  /** Reports that an answer of the service is due since `since`, by the clock. */
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
