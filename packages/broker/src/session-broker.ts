import { eventStream } from './event-stream'
import { resolveBrokerOptions, type SessionBrokerOptions } from './options'
import { bearerTicket, sameTicket } from './tickets'
import { Visit } from './visit'

const maxBodyBytes = 16 * 1024

/** Serves sessions to browsers: mount `handle` under `basePath` of any framework. */
export interface SessionBroker {
  /**
   * Answers one request. Routes, relative to `basePath`:
   * - `POST /sessions` opens: 201 `{ id, ticket }`; the ticket is the key to this one session
   * - `GET /sessions/:id/events` with `Authorization: Bearer <ticket>`: states as server-sent events
   * - `GET /sessions/:id` with the ticket: the present state
   * - `DELETE /sessions/:id` with the ticket: closes, 204 once the service confirmed
   * - `POST /sessions/:id/close` with the ticket as plain-text body: the same for `navigator.sendBeacon`
   */
  handle(request: Request): Promise<Response>
  /** Closes every session and refuses new ones. */
  close(): Promise<void>
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
  let closed = false

  async function open(request: Request): Promise<Response> {
    const live = [...visits.values()].filter(({ visit }) => !visit.ended).length
    if (closed || live >= resolved.maxSessions) {
      return refuse(
        503,
        'busy',
        closed ? 'The server is shutting down.' : 'All digital humans are in use right now.',
        { 'retry-after': '10' },
      )
    }
    const refusal = await resolved.authorize(request)
    if (refusal) return refusal
    const body = await readBody(request)
    if (body === undefined) return refuse(400, 'bad-request', 'The body must be a JSON object.')
    const id = resolved.createId().slice(0, 32)
    const ticket = resolved.createId()
    const visit = new Visit(id, resolved, request, body, () => {
      resolved.clock.after(rememberEndedMs, () => visits.delete(id))
    })
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
    const match = /^\/sessions\/([0-9a-f]+)(\/events|\/close)?$/i.exec(path)
    const entry = match?.[1] === undefined ? undefined : visits.get(match[1])
    if (!match || !entry) return notFound()
    const { visit } = entry
    const action = match[2]
    const ticket =
      action === '/close' ? (await request.text()).slice(0, 256).trim() : bearerTicket(request)
    // A wrong ticket and an unknown session look the same from outside.
    if (!sameTicket(ticket, entry.ticket)) return notFound()

    if (action === '/events') {
      return method === 'GET' ? eventStream(visit, resolved.clock.after) : notAllowed('GET')
    }
    if (action === '/close') {
      if (method !== 'POST') return notAllowed('POST')
      await visit.close()
      return new Response(null, { status: 204 })
    }
    if (method === 'GET') return Response.json(visit.snapshot(), { headers: noStore })
    if (method === 'DELETE') {
      await visit.close()
      return new Response(null, { status: 204 })
    }
    return notAllowed('GET, DELETE')
  }

  return {
    async handle(request) {
      const url = new URL(request.url)
      if (!url.pathname.startsWith(`${resolved.basePath}/`)) return notFound()
      const origin = request.headers.get('origin')
      const foreign = origin !== null && origin !== pageOrigin(request, url)
      if (foreign && !resolved.allowedOrigins.includes(origin)) {
        return refuse(403, 'forbidden-origin', 'This page may not use the session broker.')
      }
      const path = url.pathname.slice(resolved.basePath.length)
      const response =
        foreign && request.method === 'OPTIONS' ? preflight() : await route(request, path)
      if (foreign) {
        response.headers.set('access-control-allow-origin', origin)
        response.headers.set('vary', 'origin')
      }
      return response
    },
    async close() {
      closed = true
      const message = 'The server is shutting down.'
      await Promise.all(
        [...visits.values()].map(({ visit }) => visit.close({ reason: 'shutdown', message })),
      )
    },
  }
}

const noStore = { 'cache-control': 'no-store' } as const

/** The origin the page was served from, as the visitor's browser names it. */
function pageOrigin(request: Request, url: URL): string {
  const host = request.headers.get('host') ?? url.host
  const proto = request.headers.get('x-forwarded-proto') ?? url.protocol.slice(0, -1)
  return `${proto}://${host}`
}

async function readBody(request: Request): Promise<Record<string, unknown> | undefined> {
  const text = await request.text()
  if (text.length > maxBodyBytes) return undefined
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return { ...value }
  } catch {
    return undefined
  }
}

function refuse(
  status: number,
  reason: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json(
    { problem: { reason, message } },
    { status, headers: { ...noStore, ...headers } },
  )
}

function notFound(): Response {
  return refuse(404, 'not-found', 'There is no such session, or the ticket is not for it.')
}

function notAllowed(allow: string): Response {
  return refuse(405, 'method-not-allowed', `Use ${allow}.`, { allow })
}

function preflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    },
  })
}
