import type { Dispatcher } from 'undici'
import type { OutgoingRequest, Receiver, Sending } from './sender'
import type { TransportResponse } from './transport'

/**
 * Gathers one answer. `dispatch` with a handler is the floor of undici: `request` adds a stream to every
 * answer and a listener to every signal.
 */
export class AnswerHandler implements Dispatcher.DispatchHandler, Sending {
  readonly #receiver: Receiver
  #controller: Dispatcher.DispatchController | undefined
  #cancelled = false
  #status = 0
  #headers: TransportResponse['headers']
  #first: Buffer | undefined
  #more: Buffer[] | undefined

  constructor(receiver: Receiver) {
    this.#receiver = receiver
  }

  dispatch(dispatcher: Dispatcher, request: OutgoingRequest): void {
    try {
      dispatcher.dispatch(request, this)
    } catch (cause) {
      this.#receiver.failed(cause)
    }
  }

  cancel(): void {
    this.#cancelled = true
    this.#controller?.abort(exchangeAborted())
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#cancelled) controller.abort(exchangeAborted())
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
    this.#receiver.answered({
      status: this.#status,
      headers: this.#headers,
      body: whole ? whole.toString('utf8') : '',
    })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#receiver.failed(error)
  }
}

/** What an exchange fails with that was cancelled. */
export function exchangeAborted(): Error {
  return new DOMException('The exchange was aborted', 'AbortError')
}
