import { describeCode, type IvhSession, type OpenPhase, sessionStatus } from '@ivh-kit/core'
import type { ResolvedBrokerOptions } from '../options'
import { visitorIdOf } from '../replica/replica'
import { cleanupOf } from './cleanup-of'
import { codeOf, problem, reasonOf, reasonOfClose, textForLog } from './problem'
import { type BrokerSnapshot, type BrokerState, finalStates } from './snapshot'
import { type Language, languageOf, type VisitorReason } from './visitor-texts'

type Listener = (snapshot: BrokerSnapshot) => void

export interface VisitEvents {
  /** The visit is in a final state. */
  readonly onEnded: () => void
  /** The service has no session of this visit any more, so that another visit may take its place. */
  readonly onReleased: () => void
}

/**
 * A page's use of one session, from the request to the close. It lasts while the page listens and gives
 * signs of life, plus a grace time, and at most `maxDurationMs`. It always ends with the session closed.
 */
export class Visit {
  readonly id: string
  /** The id that the application gets for the visitor. */
  readonly visitorId: string
  readonly #options: ResolvedBrokerOptions
  readonly #startedAt: number
  readonly #closed = new AbortController()
  readonly #listeners = new Set<Listener>()
  readonly #opened: Promise<void>
  readonly #language: Language
  readonly #events: VisitEvents
  #state: BrokerState = 'creating'
  #session: IvhSession | undefined
  #sessionId: string | undefined
  #reason: VisitorReason | undefined
  #closing: Promise<boolean> | undefined
  #cancelGrace: (() => void) | undefined
  #cancelTimeLimit: () => void
  #cancelSilence: () => void = () => {}
  #cancelWatch: () => void = () => {}

  constructor(
    id: string,
    options: ResolvedBrokerOptions,
    request: Request,
    body: Readonly<Record<string, unknown>>,
    events: VisitEvents,
  ) {
    this.id = id
    this.visitorId = visitorIdOf(id, options.replica)
    this.#options = options
    this.#language = languageOf(request)
    this.#events = events
    this.#startedAt = options.clock.now()
    this.#cancelTimeLimit = options.clock.after(options.maxDurationMs, () => {
      void this.close('time-limit')
    })
    this.#startGrace()
    this.seen()
    this.#opened = this.#open(request, body)
  }

  get ended(): boolean {
    return finalStates.has(this.#state)
  }

  /** The visit and its session, for the log. */
  get description(): string {
    return this.#sessionId === undefined
      ? `a session of visit ${this.id} that was opening`
      : `session ${this.#sessionId} of visit ${this.id}`
  }

  snapshot(): BrokerSnapshot {
    const playback = this.#state === 'ready' ? this.#session?.playback : undefined
    return {
      id: this.id,
      state: this.#state,
      elapsedMs: this.#options.clock.now() - this.#startedAt,
      ...(this.#sessionId !== undefined && { sessionId: this.#sessionId }),
      ...(playback && { playback }),
      ...(this.#reason && { problem: problem(this.#reason, this.#language) }),
    }
  }

  /** The session; undefined unless the state is `ready`. */
  get session(): IvhSession | undefined {
    return this.#state === 'ready' ? this.#session : undefined
  }

  /**
   * Notes a sign of life of the page. A page that gives none for `maxSilenceMs` is gone, although its
   * connection looks open: a sleeping laptop, a lost network.
   */
  seen(): void {
    this.#cancelSilence()
    if (this.ended) return
    this.#cancelSilence = this.#options.clock.after(this.#options.maxSilenceMs, () => {
      void this.close('left')
    })
  }

  /**
   * Calls the listener with the current snapshot and after each change. Returns the function that stops the
   * calls.
   */
  listen(listener: Listener): () => void {
    this.#cancelGrace?.()
    this.#cancelGrace = undefined
    this.seen()
    this.#listeners.add(listener)
    listener(this.snapshot())
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#startGrace()
    }
  }

  /**
   * Closes in every state. Resolves with true when the service has confirmed the close, with false when
   * it has not. While the session opens, it resolves when `open` has ended.
   */
  close(reason?: VisitorReason): Promise<boolean> {
    this.#closing ??= this.#close(reason)
    return this.#closing
  }

  async #open(request: Request, body: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      const session = await this.#options.open({
        request,
        body,
        visitorId: this.visitorId,
        signal: this.#closed.signal,
        onProgress: ({ phase, sessionId }) => {
          this.#sessionId = sessionId ?? this.#sessionId
          if (this.#closing === undefined) this.#setState(stateOf(phase))
        },
      })
      this.#session = session
      this.#sessionId = session.id
      session.addEventListener('closed', this.#onSessionClosed)
      if (session.state === 'closed') this.#onSessionClosed()
      if (this.#closing !== undefined) return
      this.#setState('ready')
      this.#watch()
    } catch (error) {
      if (!this.#session) void cleanupOf(error).then(() => this.#events.onReleased())
      if (this.#closing !== undefined) return
      this.#options.logger.warn(
        `The session of visit ${this.id} did not open: ${textForLog(error)}`,
      )
      if (this.#session) {
        // The session opened, but reading its play addresses failed, so no page can show it.
        void this.close(reasonOf(error))
        return
      }
      this.#reason = reasonOf(error)
      this.#end('failed')
    }
  }

  async #close(reason: VisitorReason | undefined): Promise<boolean> {
    if (this.ended) return true
    this.#reason = reason
    this.#cancelWatch()
    this.#setState('closing')
    this.#closed.abort()
    await this.#opened
    const session = this.#session
    try {
      await session?.close()
      this.#end('closed')
      return true
    } catch (error) {
      this.#options.logger.error(
        `The session ${session?.id} of visit ${this.id} could not be closed and may still cost money: ${textForLog(error)}`,
      )
      this.#reason = 'not-confirmed'
      this.#end('failed')
      return false
    }
  }

  /** The service has confirmed the close, however late. */
  readonly #onSessionClosed = () => {
    this.#session?.removeEventListener('closed', this.#onSessionClosed)
    this.#events.onReleased()
    void this.close('closed-by-service')
  }

  /** Polls the service, so that the page learns when the service closes the session. */
  #watch(): void {
    this.#cancelWatch = this.#options.clock.after(this.#options.watchIntervalMs, () => {
      void this.#checkSession().finally(() => {
        if (this.#state === 'ready') this.#watch()
      })
    })
  }

  async #checkSession(): Promise<void> {
    try {
      // Do not retry: the next poll replaces a retry.
      const response = await this.#session?.stat({ signal: this.#closed.signal, maxRetries: 0 })
      if (!response || this.#state !== 'ready') return
      const { SessionStatus, CloseType, ErrorMessage } = response
      if (SessionStatus === sessionStatus.closed || SessionStatus === sessionStatus.failed) {
        this.#options.logger.warn(
          `The service closed the session of visit ${this.id}: CloseType ${CloseType}, ${textForLog(ErrorMessage)}`,
        )
        await this.close(reasonOfClose(CloseType))
      }
    } catch (error) {
      if (this.#state !== 'ready') return
      const code = codeOf(error)
      if (code !== undefined && describeCode(code).retry === 'recreate') {
        this.#options.logger.warn(
          `The service no longer has the session of visit ${this.id}: ${textForLog(error)}`,
        )
        await this.close('closed-by-service')
        return
      }
      // One failed poll proves nothing about the session.
      this.#options.logger.warn(
        `Polling the session of visit ${this.id} failed: ${textForLog(error)}`,
      )
    }
  }

  #startGrace(): void {
    if (this.ended) return
    this.#cancelGrace?.()
    this.#cancelGrace = this.#options.clock.after(this.#options.graceMs, () => {
      void this.close('left')
    })
  }

  #setState(state: BrokerState): void {
    this.#state = state
    const snapshot = this.snapshot()
    for (const listener of this.#listeners) listener(snapshot)
  }

  #end(state: 'closed' | 'failed'): void {
    this.#cancelGrace?.()
    this.#cancelTimeLimit()
    this.#cancelSilence()
    this.#cancelWatch()
    this.#setState(state)
    this.#events.onEnded()
  }
}

function stateOf(phase: OpenPhase): BrokerState {
  if (phase === 'queued') return 'creating'
  // The visit is ready later, when `open` has returned the session.
  return phase === 'ready' ? 'starting' : phase
}
