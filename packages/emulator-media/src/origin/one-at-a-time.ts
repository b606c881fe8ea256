import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** More than any client sends ahead; what is waiting is kept in memory. */
const MAX_WAITING = 16

/**
 * Answers the requests of a connection in turn. Node hands out pipelined requests at once, and of all
 * their responses only the one whose turn it is learns that the client has left: a response that is never
 * its turn, such as one behind an endless stream, must not have begun anything. A client that sends too
 * many ahead is cut off.
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
    // What came in one piece with the request for which the client was cut off.
    if (socket.destroyed) return
    const line = lines.get(socket)
    if (!line) {
      const fresh: (() => void)[] = []
      lines.set(socket, fresh)
      begin(request, response, fresh)
    } else if (line.length < MAX_WAITING) line.push(() => begin(request, response, line))
    else socket.destroy()
  }
}
