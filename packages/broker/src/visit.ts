import { describeCode, type IvhSession, type OpenPhase, sessionStatus } from '@ivh-kit/core'
import type { ResolvedBrokerOptions } from './options'
import { type BrokerProblem, closedByService, codeOf, forLog, problemOf } from './problem'
import { type BrokerSnapshot, type BrokerState, finalStates } from './snapshot'

type Listener = (snapshot: BrokerSnapshot) => void

/**
 * One visitor's session from the request to the close. It lives as long as its page listens (plus a
 * grace), at most `maxDurationMs`, and always ends with the session closed.
 */
export class Visit {
  readonly id: string
  readonly #options: ResolvedBrokerOptions
  readonly #startedAt: number
  readonly #abandon = new AbortController()
  readonly #listeners = new Set<Listener>()
  readonly #opened: Promise<void>
  readonly #onEnded: () => void
  #state: BrokerState = 'creating'
  #session: IvhSession | undefined
  #sessionId: string | undefined
  #problem: BrokerProblem | undefined
  #closing: Promise<boolean> | undefined
  #cancelGrace: (() => void) | undefined
  #cancelLimit: () => void
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
    this.#cancelLimit = options.clock.after(options.maxDurationMs, () => {
      void this.close({
        reason: 'time-limit',
        message: 'The session reached its time limit.',
        hint: 'Start a new one.',
      })
    })
    this.#awaitPage()
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

  /** The session while it can be driven. */
  get session(): IvhSession | undefined {
    return this.#state === 'ready' ? this.#session : undefined
  }

  /** Tells the listener of every change, the present state first; the returned function ends that. */
  listen(listener: Listener): () => void {
    this.#cancelGrace?.()
    this.#cancelGrace = undefined
    this.#listeners.add(listener)
    listener(this.snapshot())
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#awaitPage()
    }
  }

  /**
   * Closes in every state. Resolves when the service has confirmed it, with `false` when it did not;
   * while opening, when `open` has given up.
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
        signal: this.#abandon.signal,
        onProgress: ({ phase, sessionId }) => {
          this.#sessionId = sessionId ?? this.#sessionId
          if (this.#closing === undefined) this.#become(stateOf(phase))
        },
      })
      this.#session = session
      this.#sessionId = session.id
      if (this.#closing !== undefined) return
      this.#become('ready')
      this.#watch()
    } catch (error) {
      if (this.#closing !== undefined) return
      this.#options.logger.warn(`Session of visit ${this.id} did not open: ${forLog(error)}`)
      const problem = problemOf(error)
      if (this.#session) {
        // It did open, but its addresses cannot be had: a session that cannot be watched is closed.
        void this.close(problem)
        return
      }
      this.#problem = problem
      this.#settle('failed')
    }
  }

  async #close(problem: BrokerProblem | undefined): Promise<boolean> {
    if (this.ended) return true
    this.#problem = problem
    this.#cancelWatch()
    this.#become('closing')
    this.#abandon.abort()
    await this.#opened
    try {
      await this.#session?.close()
      this.#settle('closed')
      return true
    } catch (error) {
      this.#options.logger.error(
        `Session of visit ${this.id} could not be closed and may still be paid for: ${forLog(error)}`,
      )
      this.#problem = problemOf(error)
      this.#settle('failed')
      return false
    }
  }

  /** Looks from time to time whether the service still has the session. */
  #watch(): void {
    this.#cancelWatch = this.#options.clock.after(this.#options.watchIntervalMs, () => {
      void this.#look().finally(() => {
        if (this.#state === 'ready') this.#watch()
      })
    })
  }

  async #look(): Promise<void> {
    try {
      // The next look is the retry.
      const answer = await this.#session?.stat({ signal: this.#abandon.signal, maxRetries: 0 })
      if (!answer || this.#state !== 'ready') return
      if (
        answer.SessionStatus === sessionStatus.closed ||
        answer.SessionStatus === sessionStatus.failed
      ) {
        await this.close(closedByService(answer.CloseType, answer.ErrorMessage))
      }
    } catch (error) {
      if (this.#state !== 'ready') return
      const code = codeOf(error)
      if (code !== undefined && describeCode(code).retry === 'recreate') {
        await this.close(problemOf(error))
        return
      }
      // One look that fails proves nothing; the next one may tell more.
      this.#options.logger.warn(`Looking at session of visit ${this.id} failed: ${forLog(error)}`)
    }
  }

  #awaitPage(): void {
    if (this.ended) return
    this.#cancelGrace?.()
    this.#cancelGrace = this.#options.clock.after(this.#options.graceMs, () => {
      void this.close({ reason: 'left', message: 'The page went away.' })
    })
  }

  #become(state: BrokerState): void {
    this.#state = state
    const snapshot = this.snapshot()
    for (const listener of this.#listeners) listener(snapshot)
  }

  #settle(state: 'closed' | 'failed'): void {
    this.#cancelGrace?.()
    this.#cancelLimit()
    this.#cancelWatch()
    this.#become(state)
    this.#onEnded()
  }
}

function stateOf(phase: OpenPhase): BrokerState {
  // Ready is announced when the session is in hand and its addresses can be read.
  if (phase === 'queued') return 'creating'
  return phase === 'ready' ? 'starting' : phase
}
