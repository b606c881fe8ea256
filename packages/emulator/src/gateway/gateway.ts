import type { Clock } from '@ivh-kit/kernel'
import { Hono } from 'hono'
import { ChannelRegistry, channelPath } from '../channel/channel-registry'
import type { ChannelWire, ServerChannel } from '../channel/server-channel'
import { ConnectionDropped } from '../faults/connection-dropped'
import { controlHeader, FaultPlan, type Faults } from '../faults/fault-plan'
import { type GatewayOptions, resolveGatewayOptions } from '../options'
import { CallLog, type EmulatorCall } from '../record/call-log'
import { type EmulatorEvent, EventLog } from '../record/event-log'
import type { SessionSnapshot } from '../sessions/emulated-session'
import { SessionStore } from '../sessions/session-store'
import { statusPage } from '../status-page'
import { dated } from '../wire/dated'
import { endpointNames, endpointPaths } from '../wire/emulated-endpoints'
import { PayloadReader } from '../wire/payload-reader'
import { Refusal, refusalMessage } from '../wire/refusal'
import { responseHeader } from '../wire/response-header'
import { createAdmission } from './admission'
import { createAnswerer } from './answer'
import { type Carrier, inProcess } from './carrier'
import { closestEndpoint } from './closest-endpoint'
import { type ControlEnv, controlApi, refuseForeignPages } from './control-api'
import { Delays } from './delays'
import { allowPages, foreignPageOf } from './foreign-page'
import { guarded } from './guarded'
import { createHandlers } from './handlers'
import { readBody } from './request-body'

const maxBodyBytes = 1024 * 1024

/** The result of a request for a command channel. */
export type ChannelAdmission =
  | {
      readonly kind: 'admitted'
      /** Opens the channel on a transport. Pass the client's messages to the returned channel. */
      open(wire: ChannelWire): ServerChannel
    }
  | { readonly kind: 'refused'; readonly response: Response }
  /** A fault: cut the connection without a response. */
  | { readonly kind: 'dropped' }

/** The emulated IVH account without a port. */
export interface Gateway {
  /** Answers a request. Rejects with `ConnectionDropped` when a fault drops the connection. */
  fetch(request: Request): Promise<Response>
  /**
   * Requests a command channel without a WebSocket. `url` is the signed address, `control` the value of
   * the header `x-ivh-emulator`.
   */
  admitChannel(url: string, control?: string): Promise<ChannelAdmission>
  /** All sessions including ended ones, oldest first. */
  readonly sessions: readonly SessionSnapshot[]
  /** The last 2,000 calls of clients and their outcomes, oldest first, without secrets. */
  readonly calls: readonly EmulatorCall[]
  /** The last 5,000 events, oldest first. */
  readonly events: readonly EmulatorEvent[]
  /** The planned faults. */
  readonly faults: Faults
  /**
   * Breaks every connection, like a restart of the service. Without `keepSessions` every session is closed
   * with CloseType 4.
   */
  restart(options: { readonly keepSessions: boolean }): Promise<void>
  /** The emulator's clock. The default clock can be moved forward. */
  readonly clock: Clock
  /** The accepted app key and access token. */
  readonly credentials: { readonly appKey: string; readonly accessToken: string }
  /**
   * Cuts every channel, ends and forgets every session, and clears the planned faults, the calls and the
   * events.
   */
  reset(): Promise<void>
  /** Ends every live session and its stream, and refuses new ones. May be called twice. */
  close(): Promise<void>
}

/**
 * Creates a gateway that answers in-process. `createEmulator` adds a port; another server passes its own
 * `carrier`.
 *
 * @throws IvhConfigError for a wrong or unknown option.
 */
export function createGateway(options: GatewayOptions = {}, carrier: Carrier = inProcess): Gateway {
  const { clock, ...given } = resolveGatewayOptions(options)
  const events = new EventLog(clock, given.logger)
  const resolved = { ...given, clock: guarded(clock, events) }
  const calls = new CallLog(clock)
  const faults = new FaultPlan((text, sessionId) => events.info('fault', text, sessionId))
  const delays = new Delays(clock)
  const store = new SessionStore(
    resolved,
    events,
    (sessionId) => faults.take('speech', sessionId, undefined)?.speechFails ?? false,
  )
  const payloads = new PayloadReader((text) => events.warn('server', text))
  const channels = new ChannelRegistry({ options: resolved, store, calls, events, payloads })

  const header = (code: number, message: string) => responseHeader(resolved.createId, code, message)
  const refused = (refusal: Refusal) =>
    Response.json(
      { Header: header(refusal.code, refusalMessage(refusal)), Payload: {} },
      { status: refusal.status },
    )
  const handlers = createHandlers(store, resolved, payloads)
  const answer = createAnswerer({
    handlers,
    options: resolved,
    calls,
    faults,
    payloads,
    loseStream: (sessionId) => store.loseStream(sessionId),
    delays,
    header,
    refused,
  })
  const admitChannel = createAdmission({
    channels,
    options: resolved,
    calls,
    events,
    faults,
    delays,
    refused,
  })

  const app = new Hono<ControlEnv>()
  for (const path of Object.values(endpointPaths)) app.use(path, allowPages(carrier, refused))
  for (const path of ['/', '/__emulator/*']) app.use(path, refuseForeignPages(carrier))
  app.use(async (c, next) => {
    const body = await readBody(c.req.raw, maxBodyBytes)
    if (body === undefined) {
      const refusal = new Refusal(100001, `the body is larger than ${maxBodyBytes} bytes`)
      events.warn('server', `${c.req.method} ${c.req.path} refused: ${refusal.message}`)
      return refused(refusal)
    }
    c.set('body', body)
    return next()
  })
  for (const name of endpointNames) {
    app.post(endpointPaths[name], (c) =>
      answer({
        name,
        url: new URL(c.req.url),
        body: c.get('body'),
        control: c.req.header(controlHeader),
        page: foreignPageOf(c, carrier),
      }),
    )
  }
  const cut = (reason: string) => {
    channels.cutAll(reason)
    delays.cancelAll()
  }
  const gateway: Gateway = {
    fetch: async (request) => dated(await app.fetch(request), clock),
    admitChannel,
    get sessions() {
      return store.latest()
    },
    get calls() {
      return calls.calls
    },
    get events() {
      return events.events
    },
    faults,
    async restart({ keepSessions }) {
      events.info('server', `restart, sessions are ${keepSessions ? 'kept' : 'lost'}`)
      cut('the service restarted')
      carrier.cutConnections()
      if (!keepSessions) await store.loseAll()
    },
    clock,
    credentials: { appKey: resolved.appKey, accessToken: resolved.accessToken },
    async reset() {
      cut('the emulator was reset')
      await store.reset()
      faults.clear()
      calls.clear()
      events.clear()
      events.info('server', 'reset')
    },
    close() {
      delays.cancelAll()
      return store.closeAll()
    },
  }
  app.route('/__emulator', controlApi({ gateway, store, calls, events }))
  for (const path of ['/', '/__emulator/']) app.get(path, statusPage('index.html'))
  app.notFound((c) => {
    const { method, path } = c.req
    const known = Object.values(endpointPaths).includes(path)
    const problem =
      path === channelPath
        ? 'is opened as a WebSocket'
        : known
          ? 'is called with POST'
          : `is not an endpoint of this emulator${closestEndpoint(path)}`
    const refusal = new Refusal(100001, `${method} ${path} ${problem}`, 404)
    events.warn('server', `refused: ${refusal.message}`)
    return refused(refusal)
  })
  // Any error here comes from a media plane or an injected clock. The session stays open.
  app.onError((error) => {
    if (error instanceof ConnectionDropped) throw error
    events.warn('server', `a request failed inside the emulator: ${error.message}`)
    return refused(new Refusal(100000, 'an internal error of the emulator; see its log'))
  })
  return gateway
}
