import { isAllowedHost } from '../http/allowed-hosts'
import { crossOrigin, hostOf, preflight, withCorsHeaders } from '../http/cross-origin'
import { RequestAborted } from '../http/read-body'
import { refuse, refuseVisitor, unknownRoute } from '../http/refusals'
import { resolveBrokerOptions, type SessionBrokerOptions } from '../options'
import { textForLog } from '../visit/problem'
import { closeOrphansOf } from './close-orphans'
import { createLogOnce } from './log-once'
import { createRouter, type HandleContext } from './router'
import { VisitTable } from './visit-table'

/** Serves sessions to browsers. Mount `handle` under `basePath` in any framework. */
export interface SessionBroker {
  /** Path prefix of all routes, as in the options. */
  readonly basePath: string
  /**
   * Handles one request. Routes, relative to `basePath`:
   * - `POST /sessions` with a JSON object of at most 16 KiB opens a session: 201 `{ id, ticket }`. The
   *   ticket gives access to this session only.
   * - `GET /sessions/:id/events` with `Authorization: Bearer <ticket>`: states as server-sent events, and
   *   an `alive` event every 15 s.
   * - `POST /sessions/:id/alive` with the ticket: a sign of life of the page, for example after each
   *   `alive` event. Every other request with the ticket is one, too.
   * - `GET /sessions/:id` with the ticket: the current state.
   * - `POST /sessions/:id/messages` with the ticket and a JSON object: calls `onMessage`; 409 unless the
   *   session is ready.
   * - `DELETE /sessions/:id` with the ticket: closes the session. 204 when the service has confirmed, 502
   *   when it has not. While the session opens, 204 when the open is aborted; the client closes a session
   *   that is created after that.
   * - `POST /sessions/:id/close` with the ticket as plain-text body: the same for `navigator.sendBeacon`.
   *
   * Never rejects: an unexpected error is logged and answered with 500.
   */
  handle(request: Request, context?: HandleContext): Promise<Response>
  /**
   * Closes every session, informs their pages, and refuses new sessions. Call it before you close the
   * HTTP server, whose event streams end with it, and before you close the client. Resolves when every
   * close is confirmed, or after `timeoutMs` (default 8 000), when it logs the sessions that may still cost
   * money. Safe to call twice.
   */
  close(options?: { readonly timeoutMs?: number | undefined }): Promise<void>
}

/**
 * Creates a broker. The page never sees the app key: it gets playback addresses and a ticket for its own
 * session, and it cannot leave a session open.
 *
 * @throws IvhConfigError for an unknown or invalid option.
 */
export function createSessionBroker(options: SessionBrokerOptions): SessionBroker {
  const resolved = resolveBrokerOptions(options)
  const { basePath, allowedHosts, allowedOrigins, logger, trustProxy } = resolved
  const visits = new VisitTable(resolved)
  const warnOnce = createLogOnce(logger)
  const route = createRouter(resolved, visits, warnOnce)
  if (resolved.replica) void closeOrphansOf(resolved.replica, logger)

  async function respond(
    request: Request,
    path: string,
    context: HandleContext,
  ): Promise<Response> {
    try {
      return await route(request, path, context)
    } catch (error) {
      // The client has disconnected, so it reads no response.
      if (error instanceof RequestAborted) return refuse(400, 'aborted', error.message)
      logger.error(`${request.method} ${path} failed: ${textForLog(error)}`)
      return refuseVisitor(request, 500, 'internal')
    }
  }

  return {
    basePath,
    async handle(request, context = {}) {
      const { pathname } = new URL(request.url)
      if (!pathname.startsWith(`${basePath}/`)) return unknownRoute(basePath)
      const path = pathname.slice(basePath.length).replace(/\/$/, '')
      const host = hostOf(request, trustProxy)
      if (!isAllowedHost(host, allowedHosts, context.onLoopback ?? false)) {
        warnOnce(
          `A request for the host ${JSON.stringify(host)} was refused. If it is yours, add it to allowedHosts.`,
        )
        return refuse(403, 'forbidden-host', 'The server does not answer under this host name.')
      }
      const origin = crossOrigin(request, trustProxy)
      if (origin === undefined) return respond(request, path, context)
      if (!allowedOrigins.includes(origin)) {
        warnOnce(
          `A page of ${JSON.stringify(origin)} was refused, because the request asked for the host ${JSON.stringify(host)}. ` +
            'If the page is yours, add its origin to allowedOrigins, or let the proxy pass the Host header on.',
        )
        return refuse(403, 'forbidden-origin', 'The origin of this page is not in allowedOrigins.')
      }
      const response =
        request.method === 'OPTIONS' ? preflight() : await respond(request, path, context)
      return withCorsHeaders(origin, response)
    },
    close: ({ timeoutMs } = {}) => visits.close(timeoutMs),
  }
}
