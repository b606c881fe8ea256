import type { Sender, Sending } from './sender'
import type { Cancellation, Transport } from './transport'

/** Sends through a transport that the application gave, and leaves it open. */
export function createTransportSender(transport: Transport): Sender {
  return {
    send(request, receiver) {
      const sending = new CancelledBySignal()
      try {
        transport.send(request, sending).then(
          (answer) => receiver.answered(answer),
          (cause: unknown) => receiver.failed(cause),
        )
      } catch (cause) {
        receiver.failed(cause)
      }
      return sending
    },
    async close() {},
  }
}

class CancelledBySignal implements Cancellation, Sending {
  #cancelled = false
  #callback: (() => void) | undefined
  #controller: AbortController | undefined

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#cancelled) this.#controller.abort()
    }
    return this.#controller.signal
  }

  onCancel(callback: () => void): void {
    if (this.#cancelled) callback()
    else this.#callback = callback
  }

  cancel(): void {
    this.#cancelled = true
    this.#controller?.abort()
    this.#callback?.()
  }
}
