import { type HostBody, parseObject, readBody } from '../http/read-body'
import { noStore, notAllowed, refuse, refuseVisitor, unknownRoute } from '../http/refusals'
import { bearerTicket, sameTicket } from '../http/tickets'
import type { ResolvedBrokerOptions } from '../options'
import { eventStream } from '../visit/event-stream'
import type { Visit } from '../visit/visit'
import { readAuthorization } from './authorization'
import { deliverMessage } from './deliver-message'
import type { VisitTable } from './visit-table'

const maxBodyBytes = 16 * 1024
const maxTicketBytes = 256

/** What an adapter knows about a request beside the `Request`. */
export interface HandleContext extends HostBody {
  /** True when the connection came from this machine. Default false. */
  readonly onLoopback?: boolean | undefined
}

type Router = (request: Request, path: string, context: HandleContext) => Promise<Response>

/** Creates the function that answers the routes of the broker. */
export function createRouter(
  options: ResolvedBrokerOptions,
  visits: VisitTable,
  warnOnce: (text: string) => void,
): Router {
  const { basePath, onMessage } = options

  /** Reads a JSON object from a body. `refusal` answers any other body. */
  async function readObject(request: Request, context: HandleContext) {
    const reading = await readBody(request, maxBodyBytes, context)
    if (reading.failure === 'already-read') return { refusal: alreadyRead() }
    if (reading.text === undefined) {
      const message = `The body may have at most ${maxBodyBytes} bytes.`
      return { refusal: refuse(413, 'too-large', message) }
    }
    const object = parseObject(reading.text)
    if (object) return { object }
    return { refusal: refuse(400, 'bad-request', 'The body must be a JSON object.') }
  }

  function alreadyRead(): Response {
    const message =
      'Another part of the server read the body of this request before the broker. Mount the broker before body parsers, or use the adapter for your framework.'
    warnOnce(message)
    return refuse(500, 'body-already-read', message)
  }

  async function open(request: Request, context: HandleContext): Promise<Response> {
    const refusal = readAuthorization(await options.authorize(request), options.logger)
    if (refusal) return refusal
    const body = await readObject(request, context)
    if (!body.object) return body.refusal
    // Do not await between this check and the new visit, so that two requests cannot take the same place.
    const full = visits.refusal
    if (full) return refuseVisitor(request, 503, full, { 'retry-after': '10' })
    const { visit, ticket } = visits.begin(request, body.object)
    const location = `${basePath}/sessions/${visit.id}`
    return Response.json(
      { id: visit.id, ticket },
      { status: 201, headers: { location, ...noStore } },
    )
  }

  async function message(request: Request, visit: Visit, context: HandleContext) {
    const body = await readObject(request, context)
    if (!body.object) return body.refusal
    return deliverMessage(options, request, body.object, visit)
  }

  async function close(request: Request, visit: Visit): Promise<Response> {
    if (await visit.close()) return new Response(null, { status: 204 })
    return refuseVisitor(request, 502, 'not-confirmed')
  }

  return async (request, path, context) => {
    const { method } = request
    if (path === '/sessions') {
      return method === 'POST' ? open(request, context) : notAllowed('POST')
    }
    const match = /^\/sessions\/([0-9a-f]+)(?:\/(events|alive|close|messages))?$/i.exec(path)
    const [, id, action] = match ?? []
    if (id === undefined || (action === 'messages' && !onMessage)) return unknownRoute(basePath)
    const entry = visits.find(id)
    if (!entry) return refuseVisitor(request, 404, 'not-found')
    let ticket = bearerTicket(request)
    if (action === 'close') {
      const reading = await readBody(request, maxTicketBytes, context)
      if (reading.failure === 'already-read') return alreadyRead()
      ticket = (reading.text ?? '').trim()
    }
    // A wrong ticket gets the same response as an unknown session.
    if (!sameTicket(ticket, entry.ticket)) return refuseVisitor(request, 404, 'not-found')

    const { visit } = entry
    visit.seen()
    switch (action) {
      case 'events':
        return method === 'GET' ? eventStream(visit, options.clock) : notAllowed('GET')
      case 'alive':
        return method === 'POST'
          ? new Response(null, { status: 204, headers: noStore })
          : notAllowed('POST')
      case 'close':
        return method === 'POST' ? close(request, visit) : notAllowed('POST')
      case 'messages':
        return method === 'POST' ? message(request, visit, context) : notAllowed('POST')
      default:
        if (method === 'GET') return Response.json(visit.snapshot(), { headers: noStore })
        return method === 'DELETE' ? close(request, visit) : notAllowed('GET, DELETE')
    }
  }
}
