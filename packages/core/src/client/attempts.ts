import {
  type AnyIvhError,
  IvhAbortError,
  type IvhError,
  type IvhErrorContext,
  isIvhError,
} from '../errors'
import { isRefusal } from '../errors/may-have-taken-effect'
import { pause } from '../sessions/pause'
import { createQuerySignerAt } from '../signing/sign-query'
import { httpDate } from '../transport/http-date'
import type { Sender } from '../transport/sender'
import { headerOf, type TransportResponse } from '../transport/transport'
import { type AttemptOptions, type CallLimits, resolveLimits } from './call-options'
import { createDeadlines } from './deadlines'
import { type Described, type ExchangeMeans, type ExchangeOwner, exchange } from './exchange'
import type { ResolvedOptions } from './options'
import { reportResponse } from './response-info'
import { createRetryBudget, type RetryBudget } from './retry-budget'
import { retryDelay } from './retry-policy'

/** A call that is ready to be signed and sent, as often as it takes. */
export interface PreparedCall<Result> {
  readonly path: string
  readonly reqId: string
  readonly sessionId: string | undefined
  /** Written before anything is waited for: what the caller changes afterwards changes nothing. */
  readonly body: string
  /** Whether a second arrival does no harm. */
  readonly repeatable: boolean
  readonly options: AttemptOptions
  /** Makes the result of an answer, or throws an IvhError. */
  readonly read: (answer: TransportResponse, call: Described) => Result
  /** Told each time the call is about to wait and be sent again. */
  readonly onRepeat?: (failure: AnyIvhError, attempt: number, delayMs: number) => void
}

/** Throws IvhConfigError when the options of the call hold a limit that cannot be. */
export type Attempts = <Result>(call: PreparedCall<Result>) => Promise<Result>

/**
 * Sends a call, and repeats it as {@link retryDelay} and the client's budget allow. Beyond that, a call
 * that was refused because the local clock is wrong is signed with the server's time and sent once more.
 */
export function createAttempts(client: ResolvedOptions, sender: Sender): Attempts {
  const means: Means = {
    client,
    sender,
    deadlines: createDeadlines(client.clock),
    signedPath: createPathSigner(client),
    budget: createRetryBudget(),
  }
  const clientLimits = resolveLimits({}, client)
  return (call) => {
    const limits = hasLimits(call.options) ? resolveLimits(call.options, client) : clientLimits
    return new Promise((resolve, reject) => {
      new Progress(means, call, limits, resolve, reject).send(client.clock.now())
    })
  }
}

/** Whether the client's limits are not the call's. */
function hasLimits({ timeoutMs, deadlineMs, maxRetries, stubborn }: AttemptOptions): boolean {
  return (
    stubborn === true ||
    timeoutMs !== undefined ||
    deadlineMs !== undefined ||
    maxRetries !== undefined
  )
}

/** What all calls of a client are sent with. */
interface Means extends ExchangeMeans {
  readonly client: ResolvedOptions
  readonly signedPath: (path: string, now: number) => string
  readonly budget: RetryBudget
}

/** The paths of one second are kept: they are the same, and each is made of five texts. */
function createPathSigner(client: ResolvedOptions): (path: string, now: number) => string {
  const queryAt = createQuerySignerAt(client)
  const paths = new Map<string, string>()
  let query = ''
  return (path, now) => {
    const current = queryAt(now)
    if (current !== query) paths.clear()
    query = current
    let signed = paths.get(path)
    if (signed === undefined) {
      signed = `${client.basePath}${path}?${query}`
      paths.set(path, signed)
    }
    return signed
  }
}

/** A call under way: how far it has got, and who waits for it. */
class Progress<Result> implements ExchangeOwner {
  readonly #means: Means
  readonly #call: PreparedCall<Result>
  readonly #limits: CallLimits
  readonly #resolve: (result: Result) => void
  readonly #reject: (failure: unknown) => void
  /** When the call's own deadline is over, on the local clock. */
  #endsAt = 0
  #attempt = 0
  #retries = 0
  #corrected = false
  #signedAt = 0
  #answer: TransportResponse | undefined

  constructor(
    means: Means,
    call: PreparedCall<Result>,
    limits: CallLimits,
    resolve: (result: Result) => void,
    reject: (failure: unknown) => void,
  ) {
    this.#means = means
    this.#call = call
    this.#limits = limits
    this.#resolve = resolve
    this.#reject = reject
  }

  /** @param now The local clock's time. */
  send(now: number): void {
    const { client, signedPath } = this.#means
    const { path, body, options } = this.#call
    this.#attempt += 1
    if (this.#attempt === 1) this.#endsAt = now + this.#limits.deadlineMs
    this.#answer = undefined
    this.#signedAt = client.serverTime.at(now)
    const timeoutMs = Math.max(1, Math.min(this.#endsAt - now, this.#limits.timeoutMs))
    exchange(
      this.#means,
      {
        origin: client.origin,
        path: signedPath(path, this.#signedAt),
        method: 'POST',
        headers: client.headers,
        body,
      },
      { startedAt: now, signal: options.signal, timeoutMs },
      this,
    )
  }

  answered(answer: TransportResponse): void {
    this.#answer = answer
    let result: Result
    try {
      result = this.#call.read(answer, this)
    } catch (failure) {
      this.failed(failure)
      return
    }
    const { budget, client } = this.#means
    budget.refill()
    const { onResponse } = this.#call.options
    if (onResponse) reportResponse(onResponse, answer, this.#attempt, client.logger)
    this.#resolve(result)
  }

  failed(failure: unknown): void {
    this.#mayRepeat(failure).then(() => this.send(this.#means.client.clock.now()), this.#reject)
  }

  accepted(requestId: string | undefined): void {
    const { onAccepted } = this.#call.options
    onAccepted?.({ ...this.describe(), requestId })
  }

  describe(): IvhErrorContext {
    const { reqId, path, sessionId } = this.#call
    return { reqId, path, sessionId, attempt: this.#attempt }
  }

  /** Waits until the call may be sent again; rejects with the failure when it may not. */
  async #mayRepeat(failure: unknown): Promise<void> {
    if (!isIvhError(failure)) throw failure
    const { client, budget } = this.#means
    const { clock, serverTime, random } = client
    const answer = this.#answer
    const blamedFromMs = answer && !this.#corrected && clockBlamedFromMs(answer, failure)
    if (blamedFromMs) {
      const date = httpDate(headerOf(answer, 'date'))
      this.#corrected = serverTime.learn(date, this.#signedAt, blamedFromMs)
      if (this.#corrected) {
        this.#tellRepeat(failure, 0)
        return
      }
    }
    const { signal, giveUp, stubborn = false } = this.#call.options
    const delayMs = retryDelay({
      failure,
      retries: this.#retries,
      maxRetries: this.#limits.maxRetries,
      repeatable: this.#call.repeatable,
      stubborn,
      remainingMs: this.#endsAt - clock.now(),
      random,
    })
    if (delayMs === undefined || !(stubborn || budget.take())) throw failure
    this.#tellRepeat(failure, delayMs)
    if (!(await pause(clock, delayMs, signal ?? giveUp))) {
      throw signal ? abortedWhileWaiting(signal, this.describe()) : failure
    }
    this.#retries += 1
  }

  #tellRepeat(failure: AnyIvhError, delayMs: number): void {
    this.#call.onRepeat?.(failure, this.#attempt, delayMs)
    this.#call.options.onRepeat?.(failure, delayMs)
  }
}

/**
 * How far off a timestamp must have been to be blamed for this failure, in milliseconds; undefined for
 * what is no refusal. No document tells the code or the status of a stale timestamp. The service takes
 * none beyond 5 minutes (1211/62053), so every refusal may be that one; where it says that it is about
 * authorisation, less is enough, as some of the time is spent on the way.
 */
function clockBlamedFromMs({ status }: TransportResponse, failure: IvhError): number | undefined {
  const unauthorised = 'category' in failure && failure.category === 'authorisation'
  if (unauthorised || status === 401 || status === 403) return 4 * 60_000
  return failure.kind === 'api' || isRefusal(status) ? 5 * 60_000 : undefined
}

function abortedWhileWaiting(signal: AbortSignal, context: IvhErrorContext): IvhAbortError {
  return new IvhAbortError(
    'The call was aborted by its AbortSignal while it waited to be repeated',
    {
      ...context,
      cause: signal.reason,
    },
  )
}
