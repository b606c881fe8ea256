import { eventStream } from './event-stream'
import { resolveBrokerOptions, type SessionBrokerOptions } from './options'
import { foreignOrigin, preflight, readableBy } from './origins'
import { forLog } from './problem'
import { parseObject, readBody } from './read-body'
import { noStore, notAllowed, notFound, refuse } from './refusals'
import { bearerTicket, sameTicket } from './tickets'
import { Visit } from './visit'

const maxBodyBytes = 16 * 1024
const maxTicketBytes = 256

/** Serves sessions to browsers: mount `handle` under `basePath` of any framework. */
export interface SessionBroker {
  /**
   * Answers one request. Routes, relative to `basePath`:
   * - `POST /sessions` with a JSON object of at most 16 KiB opens: 201 `{ id, ticket }`; the ticket is the
   *   key to this one session
   * - `GET /sessions/:id/events` with `Authorization: Bearer <ticket>`: states as server-sent events
   * - `GET /sessions/:id` with the ticket: the present state
   * - `POST /sessions/:id/messages` with the ticket and a JSON object: handed to `onMessage`; 409 unless ready
   * - `DELETE /sessions/:id` with the ticket: closes, 204 once the service confirmed, 502 when it did not.
   *   While opening, 204 as soon as the open is called off: the client closes what was created behind it.
   * - `POST /sessions/:id/close` with the ticket as plain-text body: the same for `navigator.sendBeacon`
   *
   * It never rejects: what goes wrong inside is logged and answered with 500.
   */
  handle(request: Request): Promise<Response>
  /**
   * Closes every session, tells their pages, and refuses new ones. Close it before the HTTP server, whose
   * event streams end with it, and before the client. Safe to call twice.
   */
  close(): Promise<void>
}

const shuttingDown = 'The server is shutting down.'

/** The JSON object in a body, or the refusal of anything else. */
async function readObject(request: Request): Promise<Record<string, unknown> | Response> {
  const text = await readBody(request, maxBodyBytes)
  if (text === undefined) {
    return refuse(413, 'too-large', `The body may have at most ${maxBodyBytes} bytes.`)
  }
  return parseObject(text) ?? refuse(400, 'bad-request', 'The body must be a JSON object.')
}

/** How long the end of a visit can still be read, in milliseconds. */
const rememberEndedMs = 60_000

/**
 * Makes a broker. The page never sees the app key: it gets playback addresses and a ticket for its own
 * session, and nothing it does can leave a session open.
 *
 * @throws TypeError when an option is wrong.
 */
export function createSessionBroker(options: SessionBrokerOptions): SessionBroker {
  const resolved = resolveBrokerOptions(options)
  const visits = new Map<string, { readonly visit: Visit; readonly ticket: string }>()
  const forgetTimers = new Set<() => void>()
  let closed = false

  /** Ended visits can be read for a while, so that a page that comes back learns what happened. */
  function forgetLater(id: string): void {
    const cancel = resolved.clock.after(rememberEndedMs, () => {
      visits.delete(id)
      forgetTimers.delete(cancel)
    })
    forgetTimers.add(cancel)
  }

  function full(): Response | undefined {
    const retry = { 'retry-after': '10' }
    if (closed) return refuse(503, 'shutdown', shuttingDown, retry)
    const live = [...visits.values()].filter(({ visit }) => !visit.ended).length
    if (live < resolved.maxSessions) return undefined
    return refuse(503, 'busy', 'All digital humans are in use right now.', retry)
  }

  async function open(request: Request): Promise<Response> {
    const refusal = await resolved.authorize(request)
    if (refusal) return refusal
    const body = await readObject(request)
    if (body instanceof Response) return body
    // Counted last, with nothing awaited before the visit stands: no two requests get the same place.
    const noPlace = full()
    if (noPlace) return noPlace
    const id = resolved.createId().slice(0, 32)
    const ticket = resolved.createId()
    const visit = new Visit(id, resolved, request, body, () => forgetLater(id))
    visits.set(id, { visit, ticket })
    return Response.json(
      { id, ticket },
      { status: 201, headers: { location: `${resolved.basePath}/sessions/${id}`, ...noStore } },
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
    // A wrong ticket and an unknown session look the same from outside.
    if (!sameTicket(ticket, entry.ticket)) return notFound()

    if (action === '/events') {
      return method === 'GET' ? eventStream(visit, resolved.clock) : notAllowed('GET')
    }
    if (action === '/close') {
      return method === 'POST' ? close(visit) : notAllowed('POST')
    }
    if (action === '/messages' && resolved.onMessage) {
      return method === 'POST' ? pass(request, visit, resolved.onMessage) : notAllowed('POST')
    }
    if (action !== undefined) return notFound()
    if (method === 'GET') return Response.json(visit.snapshot(), { headers: noStore })
    if (method === 'DELETE') return close(visit)
    return notAllowed('GET, DELETE')
  }

  async function pass(
    request: Request,
    visit: Visit,
    onMessage: NonNullable<SessionBrokerOptions['onMessage']>,
  ): Promise<Response> {
    const body = await readObject(request)
    if (body instanceof Response) return body
    const { id: visitorId, session } = visit
    if (!session) return refuse(409, 'not-ready', 'The digital human is not there to hear it.')
    const answer = await onMessage({ request, body, visitorId, session })
    return answer ?? new Response(null, { status: 204, headers: noStore })
  }

  async function close(visit: Visit): Promise<Response> {
    if (await visit.close()) return new Response(null, { status: 204 })
    return refuse(502, 'not-confirmed', 'The service did not confirm that the session is closed.')
  }

  async function answer(request: Request, path: string): Promise<Response> {
    try {
      return await route(request, path)
    } catch (error) {
      resolved.logger.error(`${request.method} ${path} failed: ${forLog(error)}`)
      return refuse(500, 'internal', 'A fault on this server. Its log says more.')
    }
  }

  return {
    async handle(request) {
      const url = new URL(request.url)
      if (!url.pathname.startsWith(`${resolved.basePath}/`)) return notFound()
      const path = url.pathname.slice(resolved.basePath.length)
      const origin = foreignOrigin(request)
      if (origin === undefined) return answer(request, path)
      if (!resolved.allowedOrigins.includes(origin)) {
        return refuse(403, 'forbidden-origin', 'This page may not use the session broker.')
      }
      const asks = request.method === 'OPTIONS'
      return readableBy(origin, asks ? preflight() : await answer(request, path))
    },
    async close() {
      closed = true
      const problem = { reason: 'shutdown', message: shuttingDown }
      await Promise.all([...visits.values()].map(({ visit }) => visit.close(problem)))
      // Nothing may keep the process alive now.
      for (const cancel of forgetTimers) cancel()
      forgetTimers.clear()
      visits.clear()
    },
  }
}
