import { describeCode, type IvhSession, type OpenPhase, sessionStatus } from '@ivh-kit/core'
import type { ResolvedBrokerOptions } from '../options'
import { type BrokerProblem, closedByService, codeOf, problemOf, textForLog } from './problem'
import { type BrokerSnapshot, type BrokerState, finalStates } from './snapshot'

type Listener = (snapshot: BrokerSnapshot) => void

/**
 * A page's use of one session, from the request to the close. It lasts while the page listens, plus a
 * grace time, and at most `maxDurationMs`. It always ends with the session closed.
 */
export class Visit {
  readonly id: string
  readonly #options: ResolvedBrokerOptions
  readonly #startedAt: number
  readonly #closed = new AbortController()
  readonly #listeners = new Set<Listener>()
  readonly #opened: Promise<void>
  readonly #onEnded: () => void
  #state: BrokerState = 'creating'
  #session: IvhSession | undefined
  #sessionId: string | undefined
  #problem: BrokerProblem | undefined
  #closing: Promise<boolean> | undefined
  #cancelGrace: (() => void) | undefined
  #cancelTimeLimit: () => void
  #cancelWatch: () => void = () => {}

  constructor(
    id: string,
    options: ResolvedBrokerOptions,
    request: Request,
    body: Readonly<Record<string, unknown>>,
    onEnded: () => void,
  ) {
    this.id = id
    this.#options = options
    this.#onEnded = onEnded
    this.#startedAt = options.clock.now()
    this.#cancelTimeLimit = options.clock.after(options.maxDurationMs, () => {
      void this.close({
        reason: 'time-limit',
        message: 'The session reached its time limit.',
        hint: 'Start a new one.',
      })
    })
    this.#startGrace()
    this.#opened = this.#open(request, body)
  }

  get ended(): boolean {
    return finalStates.has(this.#state)
  }

  snapshot(): BrokerSnapshot {
    const playback = this.#state === 'ready' ? this.#session?.playback : undefined
    return {
      id: this.id,
      state: this.#state,
      elapsedMs: this.#options.clock.now() - this.#startedAt,
      ...(this.#sessionId !== undefined && { sessionId: this.#sessionId }),
      ...(playback && { playback }),
      ...(this.#problem && { problem: this.#problem }),
    }
  }

  /** The session; undefined unless the state is `ready`. */
  get session(): IvhSession | undefined {
    return this.#state === 'ready' ? this.#session : undefined
  }

  /**
   * Calls the listener with the current snapshot and after each change. Returns the function that stops the
   * calls.
   */
  listen(listener: Listener): () => void {
    this.#cancelGrace?.()
    this.#cancelGrace = undefined
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
  close(problem?: BrokerProblem): Promise<boolean> {
    this.#closing ??= this.#close(problem)
    return this.#closing
  }

  async #open(request: Request, body: Readonly<Record<string, unknown>>): Promise<void> {
    try {
      const session = await this.#options.open({
        request,
        body,
        visitorId: this.id,
        signal: this.#closed.signal,
        onProgress: ({ phase, sessionId }) => {
          this.#sessionId = sessionId ?? this.#sessionId
          if (this.#closing === undefined) this.#setState(stateOf(phase))
        },
      })
      this.#session = session
      this.#sessionId = session.id
      if (this.#closing !== undefined) return
      this.#setState('ready')
      this.#watch()
    } catch (error) {
      if (this.#closing !== undefined) return
      this.#options.logger.warn(
        `The session of visit ${this.id} did not open: ${textForLog(error)}`,
      )
      const problem = problemOf(error)
      if (this.#session) {
        // The session opened, but reading its play addresses failed, so no page can show it.
        void this.close(problem)
        return
      }
      this.#problem = problem
      this.#end('failed')
    }
  }

  async #close(problem: BrokerProblem | undefined): Promise<boolean> {
    if (this.ended) return true
    this.#problem = problem
    this.#cancelWatch()
    this.#setState('closing')
    this.#closed.abort()
    await this.#opened
    try {
      await this.#session?.close()
      this.#end('closed')
      return true
    } catch (error) {
      this.#options.logger.error(
        `The session of visit ${this.id} could not be closed and may still cost money: ${textForLog(error)}`,
      )
      this.#problem = problemOf(error)
      this.#end('failed')
      return false
    }
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
        await this.close(closedByService(CloseType, ErrorMessage))
      }
    } catch (error) {
      if (this.#state !== 'ready') return
      const code = codeOf(error)
      if (code !== undefined && describeCode(code).retry === 'recreate') {
        await this.close(problemOf(error))
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
      void this.close({ reason: 'left', message: 'The page was closed or lost its connection.' })
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
    this.#cancelWatch()
    this.#setState(state)
    this.#onEnded()
  }
}

function stateOf(phase: OpenPhase): BrokerState {
  if (phase === 'queued') return 'creating'
  // The visit is ready later, when `open` has returned the session.
  return phase === 'ready' ? 'starting' : phase
}
