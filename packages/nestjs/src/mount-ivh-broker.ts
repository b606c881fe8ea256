import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { SessionBroker } from '@ivh-kit/broker'
import type { INestApplication } from '@nestjs/common'

/**
 * Puts a session broker into a Nest application. Call it before `app.listen()` or `app.init()`: Nest's
 * body parsers must not have read the request yet. Guards, pipes and interceptors do not see these
 * requests; the broker's `authorize` decides who may open a session. Close the broker in a
 * `beforeApplicationShutdown` hook: its event streams would keep the HTTP server open.
 *
 * @param basePath the broker's own `basePath`. Default `/ivh`.
 */
export function mountIvhBroker(
  app: Pick<INestApplication, 'use'>,
  broker: SessionBroker,
  basePath = '/ivh',
): void {
  const listener = getRequestListener((request) => broker.handle(request), {
    // The host application keeps its own global Request and Response.
    overrideGlobalObjects: false,
  })
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (request.url?.startsWith(`${basePath}/`)) void listener(request, response)
    else next()
  })
}
