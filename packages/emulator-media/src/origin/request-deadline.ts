import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { MediaClock } from '../clock'

/**
 * Keeps HTTP clients from holding a connection without using it: a request, with its body, has
 * to be there in time, the first and every next one. Node's own watch over slow requests does
 * not run for a server that gets its connections by hand, and takes no clock.
 */
export class RequestDeadline {
  readonly #cancel = new WeakMap<Socket, () => void>()

  constructor(
    private readonly clock: MediaClock,
    private readonly timeoutMs: number,
  ) {}

  /** The turn of a request has come: its client may take its time once its body is there. */
  begin(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    if (hasBody(request)) {
      request.once('end', () => {
        // A body that nobody read ends after its response; the time runs for the next request then.
        if (!response.writableFinished) this.#stop(socket)
      })
    } else this.#stop(socket)
    response.once('finish', () => this.start(socket))
  }

  /** From here on the client has so much time for its next request. */
  start(socket: Socket): void {
    this.#stop(socket)
    if (socket.destroyed) return
    const cancel = this.clock.schedule(() => socket.destroy(), this.timeoutMs)
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
