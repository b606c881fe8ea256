import type { Dispatcher } from 'undici'
import type { TransportResponse } from './transport'

/**
 * Gathers one answer. `dispatch` with a handler is the floor of undici: `request` adds a stream to every
 * answer and a listener to every signal.
 */
export class AnswerHandler implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: TransportResponse) => void
  readonly #reject: (error: unknown) => void
  #controller: Dispatcher.DispatchController | undefined
  #cancelled = false
  #status = 0
  #headers: TransportResponse['headers']
  #first: Buffer | undefined
  #more: Buffer[] | undefined

  constructor(resolve: (answer: TransportResponse) => void, reject: (error: unknown) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Stops the exchange, also one that still waits for a connection. */
  readonly cancel = (): void => {
    this.#cancelled = true
    this.#controller?.abort(cancelled())
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#cancelled) controller.abort(cancelled())
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: TransportResponse['headers'],
  ): void {
    // 1xx answers come before the real one.
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#first) this.#first = chunk
    else if (this.#more) this.#more.push(chunk)
    else this.#more = [this.#first, chunk]
  }

  onResponseEnd(): void {
    const whole = this.#more ? Buffer.concat(this.#more) : this.#first
    this.#resolve({
      status: this.#status,
      headers: this.#headers,
      body: whole ? whole.toString('utf8') : '',
    })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(error)
  }
}

function cancelled(): Error {
  return new DOMException('The exchange was aborted', 'AbortError')
}
