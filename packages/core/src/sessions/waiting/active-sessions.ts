import { withDeadline } from '../../async/with-deadline'
import type { Caller } from '../../calls/call'
import type { ResolvedOptions } from '../../client/options'
import { type ActiveSession, IvhApiError } from '../../errors'
import { isAlive } from '../is-alive'
import { isExhausted } from './quota-queue'

const patienceMs = 2_000
/** Opens that are refused together share one list. */
const sharedForMs = 1_000

/** Finds out who holds the account's concurrency, for the error of an open that got none. */
export class SlotHolders {
  readonly #call: Caller
  readonly #options: ResolvedOptions
  readonly #isHeld: (sessionId: string) => boolean
  #list:
    | { readonly at: number; readonly activeSessions: Promise<readonly ActiveSession[]> }
    | undefined

  constructor(options: ResolvedOptions, call: Caller, isHeld: (sessionId: string) => boolean) {
    this.#options = options
    this.#call = call
    this.#isHeld = isHeld
  }

  /** The error as it was, unless it says that the concurrency is used up and the list could be read. */
  async explain(error: unknown, signal: AbortSignal): Promise<unknown> {
    if (!isExhausted(error)) return error
    const { steady: clock } = this.#options
    try {
      const read = await withDeadline(() => this.#read(), { clock, signal, timeoutMs: patienceMs })
      return read.interrupted === undefined ? withHolders(error, read.value) : error
    } catch {
      return error
    }
  }

  #read(): Promise<readonly ActiveSession[]> {
    const now = this.#options.steady.now()
    if (!this.#list || now - this.#list.at >= sharedForMs) {
      this.#list = { at: now, activeSessions: this.#readList() }
    }
    return this.#list.activeSessions
  }

  async #readList(): Promise<readonly ActiveSession[]> {
    const limits = { maxRetries: 0, timeoutMs: Math.min(patienceMs, this.#options.timeoutMs) }
    const { Sessions } = await this.#call('listSessionOfUin', {}, limits)
    return Sessions.filter(({ SessionStatus }) => isAlive(SessionStatus)).map((row) => ({
      sessionId: row.SessionId,
      userId: row.UserId,
      status: row.SessionStatus,
      openedHere: this.#isHeld(row.SessionId),
    }))
  }
}

function withHolders(error: IvhApiError, activeSessions: readonly ActiveSession[]): IvhApiError {
  const { code, serverMessage, requestId, reqId, path, attempt, cause } = error
  const { status, payload, retryAfterMs } = error
  const here = activeSessions.filter(({ openedHere }) => openedHere).length
  return new IvhApiError(code, serverMessage, {
    ...{ requestId, reqId, path, attempt, cause, status, payload, retryAfterMs, activeSessions },
    hint: `${activeSessions.length} of the account's sessions are in progress, ${here} of them opened by this client (see activeSessions). Close one, wait with waitForQuota, or buy more concurrency.`,
  })
}
