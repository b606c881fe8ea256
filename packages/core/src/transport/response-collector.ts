import type { Dispatcher } from 'undici'
import type { TransportResponse } from './transport'

/**
 * Collects one response of `dispatch`, without the stream and the listener of undici's `request`.
 */
export class ResponseCollector implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal
  readonly #resolve: (response: TransportResponse) => void
  readonly #reject: (error: unknown) => void
  #controller: Dispatcher.DispatchController | undefined
  #status = 0
  #headers: TransportResponse['headers']
  readonly #chunks: Buffer[] = []

  constructor(
    signal: AbortSignal,
    resolve: (response: TransportResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#signal = signal
    this.#resolve = resolve
    this.#reject = reject
    signal.addEventListener('abort', this, { once: true })
  }

  /** Called when the signal fires. A request that is not sent yet is aborted when its turn comes. */
  handleEvent(): void {
    const error = abortError()
    this.#controller?.abort(error)
    this.#reject(error)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#signal.aborted) controller.abort(abortError())
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: TransportResponse['headers'],
  ): void {
    // Store the status of each response: the final response overwrites that of a 1xx response.
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  onResponseEnd(): void {
    this.#signal.removeEventListener('abort', this)
    const [first] = this.#chunks
    const whole = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks)
    const body = whole?.toString('utf8') ?? ''
    this.#resolve({ status: this.#status, headers: this.#headers, body })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#signal.removeEventListener('abort', this)
    this.#reject(error)
  }
}

function abortError(): Error {
  return new DOMException('The request was aborted', 'AbortError')
}
