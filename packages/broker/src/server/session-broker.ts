import { crossOrigin, preflight, withCorsHeaders } from '../http/cross-origin'
import { parseObject, readBody } from '../http/read-body'
import { noStore, notAllowed, notFound, refuse } from '../http/refusals'
import { bearerTicket, sameTicket } from '../http/tickets'
import { resolveBrokerOptions, type SessionBrokerOptions } from '../options'
import { eventStream } from '../visit/event-stream'
import { textForLog } from '../visit/problem'
import { Visit } from '../visit/visit'

const maxBodyBytes = 16 * 1024
const maxTicketBytes = 256
/** Time for which a page can still read the final state of its visit, in milliseconds. */
const rememberEndedMs = 60_000
const shuttingDown = 'The server is shutting down.'

/** Serves sessions to browsers. Mount `handle` under `basePath` in any framework. */
export interface SessionBroker {
  /** Path prefix of all routes, as in the options. */
  readonly basePath: string
  /**
   * Handles one request. Routes, relative to `basePath`:
   * - `POST /sessions` with a JSON object of at most 16 KiB opens a session: 201 `{ id, ticket }`. The
   *   ticket gives access to this session only.
   * - `GET /sessions/:id/events` with `Authorization: Bearer <ticket>`: states as server-sent events.
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
  handle(request: Request): Promise<Response>
  /**
   * Closes every session, informs their pages, and refuses new sessions. Call it before you close the
   * HTTP server, whose event streams end with it, and before you close the client. Safe to call twice.
   */
  close(): Promise<void>
}

/**
 * Creates a broker. The page never sees the app key: it gets playback addresses and a ticket for its own
 * session, and it cannot leave a session open.
 *
 * @throws IvhConfigError for an unknown or invalid option.
 */
export function createSessionBroker(options: SessionBrokerOptions): SessionBroker {
  const resolved = resolveBrokerOptions(options)
  const { basePath, allowedOrigins, logger } = resolved
  const visits = new Map<string, { readonly visit: Visit; readonly ticket: string }>()
  const forgetTimers = new Set<() => void>()
  let closed = false

  /** Keeps an ended visit readable for a while, so that a page that returns learns the reason. */
  function forgetLater(id: string): void {
    const cancel = resolved.clock.after(rememberEndedMs, () => {
      visits.delete(id)
      forgetTimers.delete(cancel)
    })
    forgetTimers.add(cancel)
  }

  function refuseWhenFull(): Response | undefined {
    const retry = { 'retry-after': '10' }
    if (closed) return refuse(503, 'shutdown', shuttingDown, retry)
    const open = [...visits.values()].filter(({ visit }) => !visit.ended).length
    if (open < resolved.maxSessions) return undefined
    return refuse(503, 'busy', 'All digital humans are in use right now.', retry)
  }

  async function open(request: Request): Promise<Response> {
    const refusal = await resolved.authorize(request)
    if (refusal) return refusal
    const body = await readObject(request)
    if (body instanceof Response) return body
    // Do not await between this check and the new visit, so that two requests cannot take the same place.
    const full = refuseWhenFull()
    if (full) return full
    const id = resolved.createId().slice(0, 32)
    const ticket = resolved.createId()
    const visit = new Visit(id, resolved, request, body, () => forgetLater(id))
    visits.set(id, { visit, ticket })
    return Response.json(
      { id, ticket },
      { status: 201, headers: { location: `${basePath}/sessions/${id}`, ...noStore } },
    )
  }

  async function route(request: Request, path: string): Promise<Response> {
    const { method } = request
    if (path === '/sessions') {
      return method === 'POST' ? open(request) : notAllowed('POST')
    }
    const match = /^\/sessions\/([0-9a-f]+)(\/events|\/close|\/messages)?$/i.exec(path)
    const entry = match?.[1] === undefined ? undefined : visits.get(match[1])
    if (!match || !entry) return notFound()
    const { visit } = entry
    const action = match[2]
    const ticket =
      action === '/close'
        ? ((await readBody(request, maxTicketBytes)) ?? '').trim()
        : bearerTicket(request)
    // A wrong ticket gets the same response as an unknown session.
    if (!sameTicket(ticket, entry.ticket)) return notFound()

    if (action === '/events') {
      return method === 'GET' ? eventStream(visit, resolved.clock) : notAllowed('GET')
    }
    if (action === '/close') {
      return method === 'POST' ? close(visit) : notAllowed('POST')
    }
    if (action === '/messages' && resolved.onMessage) {
      return method === 'POST' ? deliver(request, visit, resolved.onMessage) : notAllowed('POST')
    }
    if (action !== undefined) return notFound()
    if (method === 'GET') return Response.json(visit.snapshot(), { headers: noStore })
    if (method === 'DELETE') return close(visit)
    return notAllowed('GET, DELETE')
  }

  async function deliver(
    request: Request,
    visit: Visit,
    onMessage: NonNullable<SessionBrokerOptions['onMessage']>,
  ): Promise<Response> {
    const body = await readObject(request)
    if (body instanceof Response) return body
    const { id: visitorId, session } = visit
    if (!session) return refuse(409, 'not-ready', 'The session is not ready for messages.')
    const response = await onMessage({ request, body, visitorId, session })
    return response ?? new Response(null, { status: 204, headers: noStore })
  }

  async function close(visit: Visit): Promise<Response> {
    if (await visit.close()) return new Response(null, { status: 204 })
    return refuse(502, 'not-confirmed', 'The service did not confirm that the session is closed.')
  }

  async function respond(request: Request, path: string): Promise<Response> {
    try {
      return await route(request, path)
    } catch (error) {
      logger.error(`${request.method} ${path} failed: ${textForLog(error)}`)
      return refuse(500, 'internal', 'The request failed on this server. See its log.')
    }
  }

  return {
    basePath,
    async handle(request) {
      const url = new URL(request.url)
      if (!url.pathname.startsWith(`${basePath}/`)) return notFound()
      const path = url.pathname.slice(basePath.length)
      const origin = crossOrigin(request)
      if (origin === undefined) return respond(request, path)
      if (!allowedOrigins.includes(origin)) {
        return refuse(403, 'forbidden-origin', 'The origin of this page is not in allowedOrigins.')
      }
      const response = request.method === 'OPTIONS' ? preflight() : await respond(request, path)
      return withCorsHeaders(origin, response)
    },
    async close() {
      closed = true
      const problem = { reason: 'shutdown', message: shuttingDown }
      await Promise.all([...visits.values()].map(({ visit }) => visit.close(problem)))
      // Cancel the timers, which would keep the process alive.
      for (const cancel of forgetTimers) cancel()
      forgetTimers.clear()
      visits.clear()
    },
  }
}

/** Reads a JSON object from a body. Returns the refusal of any other body. */
async function readObject(request: Request): Promise<Record<string, unknown> | Response> {
  const text = await readBody(request, maxBodyBytes)
  if (text === undefined) {
    return refuse(413, 'too-large', `The body may have at most ${maxBodyBytes} bytes.`)
  }
  return parseObject(text) ?? refuse(400, 'bad-request', 'The body must be a JSON object.')
}
