import { reasonOf } from '@ivh-kit/kernel'
import {
  IvhAbortError,
  type IvhError,
  type IvhErrorContext,
  IvhTimeoutError,
  IvhTransportError,
} from '../errors'
import { wasNotSent } from '../transport/not-sent'
import type { OutgoingRequest, Receiver, Sender, Sending } from '../transport/sender'
import type { TransportResponse } from '../transport/transport'
import { Deadline, type Deadlines } from './deadlines'
import { onAbort } from './on-abort'

/** Tells a call to an error; most calls have none, and are not asked. */
export interface Described {
  describe(): IvhErrorContext
  /** Told the trace id of an answer that was read without a fault. */
  accepted?(requestId: string | undefined): void
}

/** What an exchange is done with. */
export interface ExchangeMeans {
  readonly sender: Sender
  readonly deadlines: Deadlines
}

/** Who an exchange is for. Told one of the two, once; a promise of its own would cost more than telling. */
export interface ExchangeOwner extends Described {
  /** An answer came, whatever its status. */
  answered(answer: TransportResponse): void
  /** None came: IvhTransportError, IvhTimeoutError or IvhAbortError. */
  failed(error: IvhError): void
}

/** What bounds an exchange. */
export interface ExchangeLimits {
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** Sends one request and tells its owner what came of it; perhaps before it returns. */
export function exchange(
  means: ExchangeMeans,
  request: OutgoingRequest,
  limits: ExchangeLimits,
  owner: ExchangeOwner,
): void {
  new Exchange(means.deadlines, request, limits, owner).begin(means.sender)
}

/** One request under way: at once the entry in the list of deadlines and who waits for the answer. */
class Exchange extends Deadline implements Receiver {
  readonly #deadlines: Deadlines
  readonly #request: OutgoingRequest
  readonly #limits: ExchangeLimits
  readonly #owner: ExchangeOwner
  #settled = false
  #cancelled = false
  #sending: Sending | undefined
  #forgetSignal: (() => void) | undefined

  constructor(
    deadlines: Deadlines,
    request: OutgoingRequest,
    limits: ExchangeLimits,
    owner: ExchangeOwner,
  ) {
    super()
    this.#deadlines = deadlines
    this.#request = request
    this.#limits = limits
    this.#owner = owner
  }

  begin(sender: Sender): void {
    const { startedAt, timeoutMs, signal } = this.#limits
    if (signal) {
      if (signal.aborted) {
        this.#settled = true
        this.#owner.failed(this.#aborted())
        return
      }
      this.#forgetSignal = onAbort(signal, () => this.#cutShort(this.#aborted()))
    }
    this.#deadlines.start(this, timeoutMs, startedAt)
    this.#sending = sender.send(this.#request, this)
    // Whoever was asked to send may have fired the signal.
    if (this.#cancelled) this.#cancel()
  }

  over(): void {
    const { timeoutMs } = this.#limits
    this.#cutShort(
      new IvhTimeoutError(
        `No answer from ${this.#request.origin} within ${timeoutMs} ms`,
        timeoutMs,
        {
          ...this.#owner.describe(),
          hint: 'Check the network; the call may have taken effect all the same.',
        },
      ),
    )
  }

  answered(answer: TransportResponse): void {
    if (this.#settle()) this.#owner.answered(answer)
  }

  /** After a cut this is the echo of our own cancel. */
  failed(cause: unknown): void {
    if (this.#settled) return
    const error = this.#unanswered(cause)
    if (this.#settle()) this.#owner.failed(error)
  }

  /** A transport may reject with anything, also with what throws when it is looked at. */
  #unanswered(cause: unknown): IvhTransportError {
    try {
      return new IvhTransportError(`No answer from ${this.#request.origin}: ${told(cause)}`, {
        ...this.#owner.describe(),
        notSent: wasNotSent(cause),
        hint: 'Check the network, the proxy and baseUrl.',
        cause,
      })
    } catch {
      return this.#unanswered('what the transport rejected with cannot be looked at')
    }
  }

  #cutShort(error: IvhError): void {
    if (!this.#settle()) return
    this.#owner.failed(error)
    this.#cancelled = true
    this.#cancel()
  }

  /** The call has rejected by now, and others wait for their turn: a transport that throws here changes nothing. */
  #cancel(): void {
    try {
      this.#sending?.cancel()
    } catch {}
  }

  /** True for the first who comes. */
  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    this.#deadlines.cancel(this)
    this.#forgetSignal?.()
    return true
  }

  #aborted(): IvhAbortError {
    return new IvhAbortError('The call was aborted by its AbortSignal', {
      ...this.#owner.describe(),
      cause: this.#limits.signal?.reason,
    })
  }
}

function told(cause: unknown): string {
  const what = reasonOf(cause)
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? `${what} (${cause.code})`
    : what
}
