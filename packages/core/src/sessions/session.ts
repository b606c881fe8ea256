import type { Caller, CallOptions } from '../client/call'
import type { Clock } from '../clock'
import type { StatSessionResponse } from '../protocol'
import { closeSession } from './close-session'
import type { Playback } from './playback'

export type SessionState = 'open' | 'closing' | 'closed'

export interface SessionParts {
  readonly id: string
  readonly userId: string
  readonly playback: () => Playback
  readonly onClosed: () => void
}

/**
 * A digital human that is ready and started. Close it when you are done, with `close()` or
 * `await using`: it occupies paid concurrency until then.
 */
export class IvhSession implements AsyncDisposable {
  /** The SessionId. */
  readonly id: string
  readonly userId: string
  readonly #call: Caller
  readonly #clock: Clock
  readonly #playback: () => Playback
  readonly #onClosed: () => void
  #state: SessionState = 'open'
  #closing: Promise<void> | undefined

  /** @internal Sessions come from `ivh.sessions.open`. */
  constructor(call: Caller, clock: Clock, parts: SessionParts) {
    this.#call = call
    this.#clock = clock
    this.id = parts.id
    this.userId = parts.userId
    this.#playback = parts.playback
    this.#onClosed = parts.onClosed
  }

  get state(): SessionState {
    return this.#state
  }

  /** Where to watch. Signed addresses are signed at each read, so read them when you need them. */
  get playback(): Playback {
    return this.#playback()
  }

  /** What the service says of this session now (statsession). */
  stat(options?: CallOptions): Promise<StatSessionResponse> {
    return this.#call('statSession', { SessionId: this.id }, options)
  }

  /**
   * Closes the session and frees its concurrency. Safe in every state and any number of times; a
   * session the service has closed already counts as closed. When it rejects, the session may still
   * be open: call it again.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#state = 'closing'
    try {
      await closeSession(this.#call, this.#clock, this.id)
      this.#state = 'closed'
      this.#onClosed()
    } catch (error) {
      this.#state = 'open'
      this.#closing = undefined
      throw error
    }
  }
}
