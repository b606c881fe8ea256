import { IvhAbortError, type IvhErrorContext, IvhTimeoutError, IvhTransportError } from '../errors'
import { wasNotSent } from '../transport/not-sent'
import type {
  Cancellation,
  Transport,
  TransportRequest,
  TransportResponse,
} from '../transport/transport'
import { Deadline, type Deadlines } from './deadlines'
import { onAbort } from './on-abort'

/** Tells a call to an error; most calls have none, and are not asked. */
export interface Described {
  describe(): IvhErrorContext
}

/** What bounds an exchange. */
export interface ExchangeLimits {
  readonly deadlines: Deadlines
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/**
 * Sends one request and waits for its answer, whatever its status. `call` is asked when there is an error to make.
 *
 * Rejects with IvhTransportError, IvhTimeoutError, IvhAbortError.
 */
export function exchange(
  transport: Transport,
  request: TransportRequest,
  limits: ExchangeLimits,
  call: Described,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    new Exchange(request, limits, call, resolve, reject).begin(transport)
  })
}

/** One request under way: at once the entry in the list of deadlines and what tells the transport to stop. */
class Exchange extends Deadline implements Cancellation {
  readonly #request: TransportRequest
  readonly #limits: ExchangeLimits
  readonly #call: Described
  readonly #resolve: (answer: TransportResponse) => void
  readonly #reject: (error: unknown) => void
  #settled = false
  #cancelled = false
  #cancel: (() => void) | undefined
  #controller: AbortController | undefined
  #forgetSignal: (() => void) | undefined

  constructor(
    request: TransportRequest,
    limits: ExchangeLimits,
    call: Described,
    resolve: (answer: TransportResponse) => void,
    reject: (error: unknown) => void,
  ) {
    super()
    this.#request = request
    this.#limits = limits
    this.#call = call
    this.#resolve = resolve
    this.#reject = reject
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#cancelled) this.#controller.abort()
    }
    return this.#controller.signal
  }

  onCancel(callback: () => void): void {
    if (this.#cancelled) callback()
    else this.#cancel = callback
  }

  begin(transport: Transport): void {
    const { deadlines, timeoutMs, signal } = this.#limits
    if (signal) {
      if (signal.aborted) {
        this.#settled = true
        this.#reject(this.#aborted())
        return
      }
      this.#forgetSignal = onAbort(signal, () => this.#cutShort(this.#aborted()))
    }
    deadlines.start(this, timeoutMs)
    try {
      transport.send(this.#request, this).then(this.#succeed, this.#fail)
    } catch (cause) {
      this.#fail(cause)
    }
  }

  over(): void {
    const { timeoutMs } = this.#limits
    this.#cutShort(
      new IvhTimeoutError(
        `No answer from ${this.#request.origin} within ${timeoutMs} ms`,
        timeoutMs,
        {
          ...this.#call.describe(),
          next: 'Check the network; the call may have taken effect all the same.',
        },
      ),
    )
  }

  readonly #succeed = (answer: TransportResponse): void => {
    if (this.#settle()) this.#resolve(answer)
  }

  /** After a cut this is the echo of our own cancel. */
  readonly #fail = (cause: unknown): void => {
    if (!this.#settle()) return
    this.#reject(
      new IvhTransportError(`No answer from ${this.#request.origin}: ${reason(cause)}`, {
        ...this.#call.describe(),
        notSent: wasNotSent(cause),
        next: 'Check the network, the proxy and baseUrl.',
        cause,
      }),
    )
  }

  #cutShort(error: unknown): void {
    if (!this.#settle()) return
    this.#reject(error)
    this.#cancelled = true
    this.#controller?.abort()
    this.#cancel?.()
  }

  /** True for the first who comes. */
  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    this.#limits.deadlines.cancel(this)
    this.#forgetSignal?.()
    return true
  }

  #aborted(): IvhAbortError {
    return new IvhAbortError('The call was aborted by its AbortSignal', {
      ...this.#call.describe(),
      cause: this.#limits.signal?.reason,
    })
  }
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return 'code' in cause && typeof cause.code === 'string'
    ? `${cause.message || cause.name} (${cause.code})`
    : cause.message || cause.name
}
