import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Maximum number of waiting requests per connection. They stay in memory, and no real client needs more. */
const maxWaiting = 16

/**
 * Handles the pipelined requests of a connection one after the other. Node passes them on at once, but only
 * the current response learns that the client has disconnected: a response after an endless stream would
 * never be released. A client with too many waiting requests is disconnected.
 */
export function oneAtATime(listener: RequestListener): RequestListener {
  const lines = new WeakMap<Socket, (() => void)[]>()

  const begin = (
    request: IncomingMessage,
    response: ServerResponse,
    line: (() => void)[],
  ): void => {
    const { socket } = request
    response.once('close', () => {
      if (socket.destroyed) return
      const next = line.shift()
      if (next) next()
      else lines.delete(socket)
    })
    listener(request, response)
  }

  return (request, response) => {
    const { socket } = request
    // Ignore the request of a client that an earlier request in the same packet disconnected.
    if (socket.destroyed) return
    const line = lines.get(socket)
    if (!line) {
      const fresh: (() => void)[] = []
      lines.set(socket, fresh)
      begin(request, response, fresh)
    } else if (line.length < maxWaiting) line.push(() => begin(request, response, line))
    else socket.destroy()
  }
}
