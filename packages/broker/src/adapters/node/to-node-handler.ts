import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
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
 * Connects a broker to Node's HTTP server. In a framework, mount the handler before body parsers, because
 * the broker reads the bodies itself. Close the broker before the server: its event streams would keep
 * the server open.
 *
 * @example
 * createServer(toNodeHandler(broker)).listen(3000)
 * app.use(toNodeHandler(broker)) // Express, Nest
 */
export function toNodeHandler(broker: Pick<SessionBroker, 'basePath' | 'handle'>): NodeHandler {
  const listener = getRequestListener((request) => broker.handle(request), {
    // The host application keeps its own global Request and Response.
    overrideGlobalObjects: false,
  })
  return (request, response, next) => {
    if (next && !request.url?.startsWith(`${broker.basePath}/`)) next()
    else void listener(request, response)
  }
}
