import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '@ivh-kit/kernel'

/**
 * Closes an HTTP connection when no complete request arrives within the timeout. This applies to the first
 * request and to every later one. Node's own request timeout does not work for a server without a
 * listening socket.
 */
export class RequestDeadline {
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #cancel = new WeakMap<Socket, () => void>()

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock
    this.#timeoutMs = timeoutMs
  }

  /** Stops the timeout when the body of a request is complete, and restarts it after the response. */
  begin(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    if (hasBody(request)) {
      request.once('end', () => {
        // Keep the timeout after the response: it already belongs to the next request.
        if (!response.writableFinished) this.#stop(socket)
      })
    } else this.#stop(socket)
    response.once('finish', () => this.start(socket))
  }

  /** Starts the timeout of the next request. */
  start(socket: Socket): void {
    this.#stop(socket)
    if (socket.destroyed) return
    const cancel = this.#clock.after(this.#timeoutMs, () => socket.destroy())
    this.#cancel.set(socket, cancel)
    socket.once('close', cancel)
  }

  #stop(socket: Socket): void {
    const cancel = this.#cancel.get(socket)
    if (!cancel) return
    cancel()
    socket.off('close', cancel)
    this.#cancel.delete(socket)
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}
