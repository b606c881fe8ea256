import type { Clock } from '@ivh-kit/kernel'
import { withDeadline } from '../../async/with-deadline'
import type { Caller } from '../../calls/call'
import { type ActiveSession, IvhApiError } from '../../errors'
import { isAlive } from '../session/is-alive'
import { isExhausted } from './quota-queue'

const listTimeoutMs = 2_000
/** Time for which refused opens share one list call, in milliseconds. */
const sharedForMs = 1_000

export interface ActiveSessionsOptions {
  /** Monotonic clock. */
  readonly steady: Clock
  readonly timeoutMs: number
}

/** Lists the account's active sessions, for the error of an open without free concurrency. */
export class ActiveSessions {
  readonly #call: Caller
  readonly #options: ActiveSessionsOptions
  readonly #registry: { isKnown(sessionId: string): boolean }
  #latest: { readonly at: number; readonly list: Promise<readonly ActiveSession[]> } | undefined

  constructor(
    options: ActiveSessionsOptions,
    call: Caller,
    registry: { isKnown(sessionId: string): boolean },
  ) {
    this.#options = options
    this.#call = call
    this.#registry = registry
  }

  /** Adds the active sessions to an error for exhausted concurrency. Other errors are returned unchanged. */
  async explain(error: unknown, signal: AbortSignal): Promise<unknown> {
    if (!isExhausted(error)) return error
    const limits = { clock: this.#options.steady, signal, timeoutMs: listTimeoutMs }
    try {
      const read = await withDeadline(() => this.#read(), limits)
      return read.interrupted === undefined ? withActiveSessions(error, read.value) : error
    } catch {
      return error
    }
  }

  #read(): Promise<readonly ActiveSession[]> {
    const now = this.#options.steady.now()
    if (!this.#latest || now - this.#latest.at >= sharedForMs) {
      this.#latest = { at: now, list: this.#list() }
    }
    return this.#latest.list
  }

  async #list(): Promise<readonly ActiveSession[]> {
    const limits = { maxRetries: 0, timeoutMs: Math.min(listTimeoutMs, this.#options.timeoutMs) }
    const { Sessions } = await this.#call('listSessionOfUin', {}, limits)
    return Sessions.filter(({ SessionStatus }) => isAlive(SessionStatus)).map((row) => ({
      sessionId: row.SessionId,
      userId: row.UserId,
      status: row.SessionStatus,
      openedHere: this.#registry.isKnown(row.SessionId),
    }))
  }
}

function withActiveSessions(
  error: IvhApiError,
  activeSessions: readonly ActiveSession[],
): IvhApiError {
  const { code, serverMessage, requestId, reqId, path, attempt, cause } = error
  const { status, payload, retryAfterMs } = error
  const here = activeSessions.filter(({ openedHere }) => openedHere).length
  return new IvhApiError(code, serverMessage, {
    ...{ requestId, reqId, path, attempt, cause, status, payload, retryAfterMs, activeSessions },
    hint: `${activeSessions.length} of the account's sessions are in progress, ${here} of them opened by this client (see activeSessions). Close one, wait with waitForQuota, or buy more concurrency.`,
  })
}
