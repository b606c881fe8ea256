import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { HandleContext } from '../../server/router'
import type { SessionBroker } from '../../server/session-broker'

/**
 * A listener of `http.createServer`, and a middleware of Express, Connect and Nest. It passes requests outside
 * the broker's `basePath` to `next`, or answers 404 without `next`.
 */
export type NodeHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: () => void,
) => void

/**
 * Connects a broker to Node's HTTP server. A body that the framework has read before is taken from
 * `request.body`. Close the broker before the server: its event streams would keep the server open.
 *
 * @example
 * createServer(toNodeHandler(broker)).listen(3000)
 * app.use(toNodeHandler(broker)) // Express, Nest
 */
export function toNodeHandler(broker: Pick<SessionBroker, 'basePath' | 'handle'>): NodeHandler {
  const listener = getRequestListener(
    (request, { incoming }) => broker.handle(request, contextOf(incoming)),
    // The host application keeps its own global Request and Response.
    { overrideGlobalObjects: false },
  )
  return (incoming: FrameworkRequest, response, next) => {
    // Express and Connect cut the mount path off `url`.
    const url = incoming.originalUrl ?? incoming.url ?? '/'
    if (next && !url.startsWith(`${broker.basePath}/`)) return next()
    incoming.url = url
    void listener(incoming, response)
  }
}

/** What frameworks add to a request. */
interface FrameworkRequest extends IncomingMessage {
  readonly originalUrl?: string
  readonly body?: unknown
}

function contextOf(
  incoming: Pick<FrameworkRequest, 'socket' | 'readableDidRead' | 'body'>,
): HandleContext {
  return {
    bodyWasRead: incoming.readableDidRead,
    body: incoming.body,
    onLoopback: /^(?:127\.|::1$|::ffff:127\.)/.test(incoming.socket.localAddress ?? ''),
  }
}
