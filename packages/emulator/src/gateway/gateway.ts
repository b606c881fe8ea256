import { type EndpointName, endpoints, requestEnvelopeSchema } from '@ivh-kit/core/protocol'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { type GatewayOptions, resolveGatewayOptions } from '../options'
import type { SessionSnapshot } from '../sessions/session'
import { SessionStore } from '../sessions/session-store'
import { authenticate } from './authenticate'
import { createHandlers, type Handler } from './handlers'
import { Refusal, refusalMessage } from './refusal'

const maxBodyBytes = 1024 * 1024

/** The emulated IVH account without a port: a function from `Request` to `Response`. */
export interface Gateway {
  fetch(request: Request): Promise<Response>
  /** Every session there was, the ended ones too, oldest first. */
  readonly sessions: readonly SessionSnapshot[]
  /** Ends every live session and its stream, and refuses new ones. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Makes a gateway that answers in-process. `createEmulator` puts it on a port.
 *
 * @throws RangeError when an option is out of range.
 */
export function createGateway(options: GatewayOptions = {}): Gateway {
  const resolved = resolveGatewayOptions(options)
  const store = new SessionStore(resolved)
  const handlers = createHandlers(store, resolved)
  const app = new Hono()

  const header = (code: number, message: string) => ({
    Code: code,
    Message: message,
    RequestID: `gz${resolved.createId().slice(0, 24)}`,
    SessionID: `gz${resolved.createId().slice(0, 24)}`,
    DialogID: '',
  })
  const refused = (refusal: Refusal) =>
    Response.json(
      { Header: header(refusal.code, refusalMessage(refusal)), Payload: {} },
      { status: refusal.status },
    )
  const answer = (handler: Handler, url: URL, body: string) => {
    try {
      authenticate(url.searchParams, resolved)
      return Response.json({ Header: header(0, ''), Payload: handler(readPayload(body)) })
    } catch (error) {
      if (error instanceof Refusal) return refused(error)
      throw error
    }
  }

  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: () => refused(new Refusal(100001, `the body is larger than ${maxBodyBytes} bytes`)),
    }),
  )
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    app.post(endpoints[name].path, async (c) =>
      answer(handlers[name], new URL(c.req.url), await c.req.text()),
    )
  }
  app.get('/__emulator/sessions', (c) => c.json({ sessions: store.snapshots }))
  app.get('/', (c) =>
    c.text(
      'IVH emulator. Point baseUrl of @ivh-kit/core here; GET /__emulator/sessions lists the sessions.\n',
    ),
  )
  app.notFound((c) => {
    const known = Object.values(endpoints).some(({ path }) => path === c.req.path)
    const why = known ? 'is called with POST' : 'is not an endpoint of this emulator'
    const message = `InvalidParameter:${c.req.method} ${c.req.path} ${why}`
    return c.json({ Header: header(100001, message), Payload: {} }, 404)
  })
  // Only a media plane or an injected clock can throw here: the session takes the next command.
  app.onError((error) => {
    resolved.logger.warn(`a request failed inside the emulator: ${error.message}`)
    return refused(new Refusal(100000, 'a fault inside the emulator; its log says more'))
  })

  return {
    fetch: async (request) => app.fetch(request),
    get sessions() {
      return store.snapshots
    },
    close: () => store.closeAll(),
  }
}

function readPayload(body: string): unknown {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    throw new Refusal(100001, 'the body is not JSON')
  }
  const envelope = requestEnvelopeSchema.safeParse(parsed)
  if (!envelope.success) {
    throw new Refusal(100001, 'the body must be {"Header": {}, "Payload": {…}}')
  }
  return envelope.data.Payload
}
