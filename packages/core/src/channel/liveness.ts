import type { Clock } from '@ivh-kit/kernel'
import type { WebSocketLike } from './web-socket-like'

/** A process that was held up finds its timers due before it reads what has come meanwhile. */
const readingMs = 50

export interface LivenessParts {
  readonly clock: Clock
  /** How long nothing may come after a ping; `false` sends none. */
  readonly pongTimeoutMs: number | false
  /** Nobody is at the other end any more. */
  readonly silent: (how: string) => void
}

/**
 * Whether the other end of a connection is still there. A network that breaks need not tell: what is
 * written then goes nowhere, and nothing comes.
 *
 * A server must answer pings (RFC 6455, 5.5.2), but whether this service's gateway does is unknown. So
 * silence after a ping counts on a connection that has answered one; on any other, silence while an answer
 * of the service is due.
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

  /** Something came, whatever it was. */
  heard(): void {
    this.#heardAt = this.#parts.clock.now()
    this.stop()
  }

  ponged(): void {
    // One that was not asked for answers nothing (RFC 6455, 5.5.3).
    if (this.#cancel) this.#answersPings = true
    this.heard()
  }

  /** Asks for a sign, unless one is being waited for. */
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

  /** An answer of the service has been due since `since` and did not come. */
  doubt(since: number): void {
    if (this.#answersPings) this.ask()
    else if (this.#heardAt <= since) this.#silent('nothing came while an answer was due')
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
