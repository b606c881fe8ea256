import type { Caller } from '../client/call'
import { onAbort } from '../client/on-abort'
import type { ResolvedOptions } from '../client/options'
import { type AnyIvhError, type IvhErrorContext, IvhTimeoutError } from '../errors'
import { mayPass } from '../errors/may-pass'
import { openScope, runInScope } from '../plugins/open-scope'
import { sessionStatus } from '../protocol/plain'
import { abandonedError } from './abandonment'
import { AccountList } from './account-list'
import { DueQueue } from './due-queue'
import { type ReadyState, readinessOf } from './readiness'

export interface ReadinessWait {
  readonly sessionId: string
  readonly timeoutMs: number
  readonly pollIntervalMs: number
  readonly signal: AbortSignal
  /** Called at every look at this session. */
  readonly onPoll: () => void
  /** What becomes of the session when the time is over, for the message. */
  readonly afterwards: string
}

interface Waiter extends ReadinessWait {
  readonly deadline: number
  /** The open that it is part of: one timer serves them all, so its calls must be told theirs. */
  readonly openId: string | undefined
  readonly settle: (outcome: ReadyState | { error: unknown }) => void
  /** Until then it is taken from the list that the session is still being prepared. */
  trustsListUntil: number
  looking: boolean
  /** Its time is over, and it has not yet had the look that is due at the end. */
  overtime: boolean
  lastFailure: AnyIvhError | undefined
}

/** The look that is due just when the time is over still gets this long for its answer. */
const lastLookMs = 1_000
/** A list that is behind must not hold back a session for long; twice this at most. */
const trustMs = 30_000

/**
 * Waits until sessions are ready, all of a client's with one timer. Each is looked at with `statsession`
 * once per interval of its own, a limited number at a time; when many wait, the account's list is read
 * instead, and `statsession` is asked only about those that it no longer shows as being prepared, that it
 * does not hold, or that it has been believed about for long.
 */
export class ReadinessPoller {
  readonly #call: Caller
  readonly #options: ResolvedOptions
  readonly #list: AccountList
  readonly #waiters = new Set<Waiter>()
  /** Who is to be looked at, and when; without those who are being looked at. */
  readonly #looks = new DueQueue<Waiter>()
  readonly #ends = new DueQueue<Waiter>()
  #looking = 0
  #reading: AbortController | undefined
  #timer: { readonly at: number; readonly cancel: () => void } | undefined
  #latest = Number.NEGATIVE_INFINITY

  constructor(options: ResolvedOptions, call: Caller) {
    this.#options = options
    this.#call = call
    this.#list = new AccountList(call, options.timeoutMs)
  }

  /**
   * Resolves when the session is ready, with what statsession said of it then. Failures that may pass (no
   * network, an internal error) are ridden out until the time is over.
   *
   * @throws IvhTimeoutError, IvhSessionError (creation failed, or closed meanwhile), IvhAbortError, and
   * IvhApiError for a code that will not pass.
   */
  wait(wait: ReadinessWait): Promise<ReadyState> {
    const { sessionId, timeoutMs, pollIntervalMs, signal } = wait
    if (signal.aborted) return Promise.reject(abandonedError(signal, sessionId))
    return new Promise((resolve, reject) => {
      const now = this.#now()
      const waiter: Waiter = {
        ...wait,
        deadline: now + timeoutMs,
        openId: openScope.getStore(),
        trustsListUntil: this.#trustFrom(now),
        looking: false,
        overtime: false,
        lastFailure: undefined,
        settle: (outcome) => {
          forget()
          this.#remove(waiter)
          if ('error' in outcome) reject(outcome.error)
          else resolve(outcome)
        },
      }
      const forget = onAbort(signal, () =>
        waiter.settle({ error: abandonedError(signal, sessionId) }),
      )
      this.#waiters.add(waiter)
      this.#ends.set(waiter, waiter.deadline)
      // Sessions that are quick are quick at once, so the first look comes early; and those that were
      // created together are not looked at together.
      const first = (pollIntervalMs / 8) * (1 + this.#options.random())
      this.#looks.set(waiter, Math.min(now + first, waiter.deadline))
      this.#work()
    })
  }

  #remove(waiter: Waiter): void {
    this.#waiters.delete(waiter)
    this.#looks.delete(waiter)
    this.#ends.delete(waiter)
    if (this.#waiters.size === 0) this.#reading?.abort()
    this.#setTimer()
  }

  /** Does whatever is due, and sets the timer for what comes next. */
  #work(): void {
    const now = this.#now()
    for (let end = this.#ends.first; end && end.at <= now; end = this.#ends.first) {
      this.#end(end.item)
    }
    const due = this.#looks.first
    if (due && due.at <= now && this.#listServes(due.item, now))
      void runInScope(undefined, () => this.#readList())
    for (let next = this.#nextLook(); next && next.at <= now; next = this.#nextLook()) {
      const { item } = next
      void runInScope(item.openId, () => this.#look(item))
    }
    this.#setTimer()
  }

  /** The look that may be taken next, when it is due. */
  #nextLook(): { readonly item: Waiter; readonly at: number } | undefined {
    if (this.#looking >= this.#options.polling.concurrency) return undefined
    const next = this.#looks.first
    // The list may make the others' looks unnecessary.
    return this.#reading && !next?.item.overtime ? undefined : next
  }

  #end(waiter: Waiter): void {
    if (waiter.looking) {
      // That look has a limit of its own.
      this.#ends.delete(waiter)
    } else if (waiter.overtime) {
      waiter.settle({ error: timedOut(waiter) })
    } else {
      waiter.overtime = true
      this.#looks.set(waiter, Number.NEGATIVE_INFINITY)
      this.#ends.set(waiter, waiter.deadline + lastLookMs)
    }
  }

  async #look(waiter: Waiter): Promise<void> {
    const { sessionId, signal, deadline } = waiter
    this.#looks.delete(waiter)
    this.#looking += 1
    waiter.looking = true
    try {
      waiter.onPoll()
      const left = Math.max(lastLookMs, deadline - this.#now())
      let told: IvhErrorContext = {}
      const onAccepted = (context: IvhErrorContext) => {
        told = context
      }
      const answer = await this.#call(
        'statSession',
        { SessionId: sessionId },
        // The next look is the retry.
        { signal, maxRetries: 0, timeoutMs: Math.min(this.#options.timeoutMs, left), onAccepted },
      )
      const readiness = readinessOf(sessionId, answer, told)
      if (readiness.ready) waiter.settle(readiness)
      waiter.lastFailure = undefined
    } catch (error) {
      if (mayPass(error)) waiter.lastFailure = error
      else waiter.settle({ error })
    }
    this.#looking -= 1
    waiter.looking = false
    this.#lookLater(waiter)
    this.#work()
  }

  #lookLater(waiter: Waiter): void {
    if (!this.#waiters.has(waiter)) return
    const now = this.#now()
    if (now >= waiter.deadline) {
      waiter.settle({ error: timedOut(waiter) })
      return
    }
    waiter.trustsListUntil = this.#trustFrom(now)
    const pauseMs = Math.max(waiter.pollIntervalMs, askedToWait(waiter.lastFailure))
    this.#looks.set(waiter, Math.min(now + pauseMs, waiter.deadline))
  }

  /** Whether to read the list now that this waiter is due: for all who are due within its interval. */
  #listServes({ pollIntervalMs }: Waiter, now: number): boolean {
    if (this.#reading || !this.#list.mayBeRead(pollIntervalMs, now)) return false
    const enough = Math.max(this.#options.polling.listFrom, this.#list.worthwhileFrom(now))
    return this.#looks.size >= enough && this.#looks.hasDue(enough, now + pollIntervalMs)
  }

  async #readList(): Promise<void> {
    const reading = new AbortController()
    this.#reading = reading
    const statuses = await this.#list.read(reading.signal)
    this.#reading = undefined
    // When everybody left meanwhile, it says nothing about the list that it was not read.
    if (!reading.signal.aborted) this.#heed(statuses ?? new Map())
    this.#work()
  }

  #heed(statuses: ReadonlyMap<string, number>): void {
    const now = this.#now()
    let asked = 0
    let told = 0
    for (const waiter of this.#waiters) {
      if (waiter.looking || waiter.overtime) continue
      asked += 1
      const status = statuses.get(waiter.sessionId)
      if (status === undefined) continue
      told += 1
      if (status !== sessionStatus.preparing || now >= waiter.trustsListUntil) {
        this.#looks.set(waiter, now)
        continue
      }
      this.#looks.set(waiter, Math.min(now + waiter.pollIntervalMs, waiter.deadline))
      waiter.onPoll()
    }
    this.#list.wasRead(now, { asked, told, rows: statuses.size })
  }

  #trustFrom(now: number): number {
    return now + trustMs * (1 + this.#options.random())
  }

  #setTimer(): void {
    const at = Math.min(
      this.#ends.first?.at ?? Number.POSITIVE_INFINITY,
      this.#nextLook()?.at ?? Number.POSITIVE_INFINITY,
    )
    if (at === (this.#timer?.at ?? Number.POSITIVE_INFINITY)) return
    this.#timer?.cancel()
    this.#timer = undefined
    if (at === Number.POSITIVE_INFINITY) return
    const fire = () => {
      this.#timer = undefined
      this.#latest = Math.max(this.#latest, at)
      this.#work()
    }
    this.#timer = { at, cancel: this.#options.steady.after(Math.max(0, at - this.#now()), fire) }
  }

  /** The time, but never earlier than before: a clock that is put back must not stop everybody's looks. */
  #now(): number {
    this.#latest = Math.max(this.#latest, this.#options.steady.now())
    return this.#latest
  }
}

/** What the service asked for with its last refusal, in milliseconds. */
function askedToWait(failure: Waiter['lastFailure']): number {
  return (failure && 'retryAfterMs' in failure && failure.retryAfterMs) || 0
}

function timedOut(waiter: Waiter): IvhTimeoutError {
  const { sessionId, timeoutMs, afterwards, lastFailure } = waiter
  return new IvhTimeoutError(`The session was not ready after ${timeoutMs} ms`, timeoutMs, {
    sessionId,
    hint: `${afterwards} Preparing normally takes under 2 minutes; try again, or raise readyTimeoutMs.`,
    cause: lastFailure,
  })
}
