import { type EndpointName, endpoints } from '@ivh-kit/core/protocol'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { ChannelRegistry, channelPath } from '../channel/channel-registry'
import type { ChannelWire, CommandChannel } from '../channel/command-channel'
import type { Clock } from '../clock'
import { ConnectionDropped } from '../faults/connection-dropped'
import { controlHeader, FaultPlan, type Faults } from '../faults/fault-plan'
import { type GatewayOptions, resolveGatewayOptions } from '../options'
import { CallLog, type EmulatorCall } from '../record/call-log'
import { type EmulatorEvent, EventLog } from '../record/event-log'
import type { SessionSnapshot } from '../sessions/session'
import { SessionStore } from '../sessions/session-store'
import { statusPage } from '../status-page'
import { createAdmission } from './admission'
import { createAnswerer } from './answer'
import { type Carrier, inProcess } from './carrier'
import { closestEndpoint } from './closest-endpoint'
import { controlApi, refuseOtherPages } from './control-api'
import { dated } from './dated'
import { Delays } from './delays'
import { guarded } from './guarded'
import { createHandlers } from './handlers'
import { Refusal, refusalMessage } from './refusal'
import { responseHeader } from './response-header'

const maxBodyBytes = 1024 * 1024

/** What a request to open a command channel leads to. */
export type ChannelAdmission =
  | {
      readonly kind: 'admitted'
      /** Opens it on whatever carries its messages; feed the result with what the client sends. */
      open(wire: ChannelWire): CommandChannel
    }
  | { readonly kind: 'refused'; readonly response: Response }
  /** A fault: cut the connection without an answer. */
  | { readonly kind: 'dropped' }

/** The emulated IVH account without a port: a function from `Request` to `Response`. */
export interface Gateway {
  /** Rejects with `ConnectionDropped` when a fault drops the connection. */
  fetch(request: Request): Promise<Response>
  /**
   * Asks for the command channel of a session without a WebSocket; `url` is the signed one, `control`
   * the value of the header `x-ivh-emulator`.
   */
  admitChannel(url: string, control?: string): Promise<ChannelAdmission>
  /** Every session there was, the ended ones too, oldest first. */
  readonly sessions: readonly SessionSnapshot[]
  /** What clients sent and how it was answered, oldest first; the last 2,000, without secrets. */
  readonly calls: readonly EmulatorCall[]
  /** What happened, oldest first; the last 5,000. */
  readonly events: readonly EmulatorEvent[]
  /** What is to go wrong on purpose. */
  readonly faults: Faults
  /**
   * Acts as the service does when it restarts: every connection breaks. With `keepSessions` the sessions
   * live on; without, each is closed with CloseType 4.
   */
  restart(options: { readonly keepSessions: boolean }): Promise<void>
  /** The time it lives in; the default one can be moved forward. */
  readonly clock: Clock
  /** The app key and the access token that are accepted. */
  readonly credentials: { readonly appKey: string; readonly accessToken: string }
  /**
   * Begins anew: every channel is cut, every session ends and is forgotten, and so are the faults that
   * were planned, the calls and the events.
   */
  reset(): Promise<void>
  /** Ends every live session and its stream, and refuses new ones. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Makes a gateway that answers in-process. `createEmulator` puts it on a port; who carries it otherwise
 * may say with `carrier` what that means for it.
 *
 * @throws RangeError when an option is out of range.
 */
export function createGateway(options: GatewayOptions = {}, carrier: Carrier = inProcess): Gateway {
  const { clock, ...given } = resolveGatewayOptions(options)
  const events = new EventLog(clock, given.logger)
  const resolved = { ...given, clock: guarded(clock, events) }
  const calls = new CallLog(clock)
  const faults = new FaultPlan(events)
  const delays = new Delays(clock)
  const store = new SessionStore(
    resolved,
    events,
    (sessionId) => faults.take('drive', sessionId, undefined)?.driveFails ?? false,
  )
  const channels = new ChannelRegistry({ options: resolved, store, calls, events })

  const header = (code: number, message: string) => responseHeader(resolved.createId, code, message)
  const refused = (refusal: Refusal) =>
    Response.json(
      { Header: header(refusal.code, refusalMessage(refusal)), Payload: {} },
      { status: refusal.status },
    )
  const handlers = createHandlers(store, resolved)
  const answer = createAnswerer({
    handlers,
    options: resolved,
    calls,
    faults,
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

  const app = new Hono()
  app.use(
    bodyLimit({
      maxSize: maxBodyBytes,
      onError: (c) => {
        const refusal = new Refusal(100001, `the body is larger than ${maxBodyBytes} bytes`)
        events.warn('server', `${c.req.method} ${c.req.path} refused: ${refusal.message}`)
        return refused(refusal)
      },
    }),
  )
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    app.post(endpoints[name].path, async (c) =>
      answer(name, new URL(c.req.url), await c.req.text(), c.req.header(controlHeader)),
    )
  }
  const cut = (reason: string) => {
    channels.cutAll(reason)
    delays.callOffAll()
  }
  const gateway: Gateway = {
    fetch: async (request) => dated(await app.fetch(request), clock),
    admitChannel,
    get sessions() {
      return store.snapshots
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
      delays.callOffAll()
      return store.closeAll()
    },
  }
  for (const path of ['/', '/__emulator/*']) app.use(path, refuseOtherPages(carrier))
  app.route('/__emulator', controlApi({ gateway, store, calls, events }))
  for (const path of ['/', '/__emulator/']) app.get(path, statusPage('index.html'))
  app.notFound((c) => {
    const { method, path } = c.req
    const known = Object.values(endpoints).some((endpoint) => endpoint.path === path)
    const why =
      path === channelPath
        ? 'is opened as a WebSocket'
        : known
          ? 'is called with POST'
          : `is not an endpoint of this emulator${closestEndpoint(path)}`
    const refusal = new Refusal(100001, `${method} ${path} ${why}`, 404)
    events.warn('server', `refused: ${refusal.message}`)
    return refused(refusal)
  })
  // Only a media plane or an injected clock can throw here: the session takes the next command.
  app.onError((error) => {
    if (error instanceof ConnectionDropped) throw error
    events.warn('server', `a request failed inside the emulator: ${error.message}`)
    return refused(new Refusal(100000, 'a fault inside the emulator; its log says more'))
  })
  return gateway
}
