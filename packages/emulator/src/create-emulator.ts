import { once } from 'node:events'
import { ServerResponse } from 'node:http'
import { createAdaptorServer, type Http2Bindings, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Dispatcher } from 'undici'
import { serveWebSocket } from './channel/serve-web-socket'
import { type Clock, isMovable } from './clock'
import { ConnectionDropped } from './faults/connection-dropped'
import { truncatedMark } from './faults/damage'
import { createGateway, type Gateway } from './gateway/gateway'
import { createDispatcher } from './in-process/dispatcher'
import { InProcessWebSocket } from './in-process/web-socket'
import type { GatewayOptions } from './options'

export interface EmulatorOptions extends GatewayOptions {
  /** Default `127.0.0.1`: reachable from this machine only. */
  readonly host?: string | undefined
  /** Default 0: any free port. */
  readonly port?: number | undefined
  /**
   * `false` opens no port: the emulator is reached through `dispatcher`, `webSocket` and `fetch` alone.
   * Default true.
   */
  readonly listen?: boolean | undefined
}

/** What makes a client of `@ivh-kit/core` talk to the emulator, in its time. */
export interface EmulatorClientOptions {
  readonly appKey: string
  readonly accessToken: string
  readonly baseUrl: string
  readonly clock: Clock
  /** Absent when the emulator listens on a port. */
  readonly dispatcher?: Dispatcher
  /** Absent when the emulator listens on a port. */
  readonly webSocket?: (url: string) => InProcessWebSocket
}

/** An emulated IVH account, on a port or without one. */
export interface Emulator extends Gateway, AsyncDisposable {
  /**
   * For example `http://127.0.0.1:40123`; give it to the client as `baseUrl`. Without a port a name that
   * only `dispatcher` and `webSocket` know.
   */
  readonly url: string
  /**
   * An undici dispatcher that answers in this process, with no port.
   *
   * @throws Error when undici is not installed.
   */
  readonly dispatcher: Dispatcher
  /** Opens command channels in this process, with no port. */
  readonly webSocket: (url: string) => InProcessWebSocket
  /** For `createIvhClient`: credentials, address and clock, and without a port how to get there. */
  readonly clientOptions: EmulatorClientOptions
  /** Lets time pass at once: `emulator.advance(600_000)` is ten minutes. @throws Error when the clock it was given cannot be moved. */
  advance(milliseconds: number): Promise<void>
  /** Ends every live session and its stream, then the server. Safe to call twice. */
  close(): Promise<void>
}

/** What carries the gateway to its clients. */
interface Carrier {
  readonly url: string
  cutConnections(): void
  close(): Promise<void>
}

/** A name that leads nowhere else (RFC 6761). */
const inProcess: Carrier = {
  url: 'http://ivh-emulator.localhost',
  cutConnections() {},
  async close() {},
}

/**
 * Starts the emulator.
 *
 * @throws RangeError when an option is out of range; Error with code `EADDRINUSE` when the port is taken.
 * @example
 * await using emulator = await createEmulator({ prepareMs: 0 })
 * const ivh = createIvhClient(emulator.clientOptions)
 */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const gateway = createGateway(options)
  const listens = options.listen ?? true
  const carrier = listens ? await listen(gateway, options) : inProcess
  const { clock, credentials } = gateway
  const { url } = carrier
  const webSocket = (address: string) => new InProcessWebSocket(gateway, address)
  let dispatcher: Dispatcher | undefined
  const inProcessDispatcher = () => {
    dispatcher ??= createDispatcher((request) => gateway.fetch(request), url)
    return dispatcher
  }

  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= gateway.close().then(() => carrier.close())
    return closing
  }
  return {
    url,
    fetch: (request) => gateway.fetch(request),
    admitChannel: (address, control) => gateway.admitChannel(address, control),
    get sessions() {
      return gateway.sessions
    },
    get calls() {
      return gateway.calls
    },
    get events() {
      return gateway.events
    },
    faults: gateway.faults,
    clock,
    credentials,
    get dispatcher() {
      return inProcessDispatcher()
    },
    webSocket,
    get clientOptions() {
      const common = { ...credentials, baseUrl: url, clock }
      return listens ? common : { ...common, dispatcher: inProcessDispatcher(), webSocket }
    },
    async advance(milliseconds) {
      if (!isMovable(clock)) {
        throw new Error('the clock of this emulator cannot be moved; make it with createClock')
      }
      await clock.advance(milliseconds)
    },
    async restart(options) {
      const restarted = gateway.restart(options)
      carrier.cutConnections()
      await restarted
    },
    reset: () => gateway.reset(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function listen(gateway: Gateway, options: EmulatorOptions): Promise<Carrier> {
  const host = options.host ?? '127.0.0.1'
  const server = createAdaptorServer({
    fetch: (request, env) => answer(gateway, request, env),
    // The program that hosts the emulator keeps its own global Request and Response.
    overrideGlobalObjects: false,
  })
  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new Error('the emulator did not get a TCP port')
  }
  const cutChannels = serveWebSocket(server, gateway)
  const cutConnections = () => {
    cutChannels()
    if ('closeAllConnections' in server) server.closeAllConnections()
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    cutConnections,
    async close() {
      const closed = once(server, 'close')
      server.close()
      cutConnections()
      await closed
    },
  }
}

async function answer(
  gateway: Gateway,
  request: Request,
  env: HttpBindings | Http2Bindings,
): Promise<Response> {
  if (!('socket' in env.incoming) || !(env.outgoing instanceof ServerResponse)) {
    return gateway.fetch(request)
  }
  try {
    const response = await gateway.fetch(request)
    if (response.headers.get(truncatedMark.name) !== truncatedMark.value) return response
    const start = await response.body?.getReader().read()
    env.outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    env.outgoing.write(start?.value ?? '', () => env.incoming.socket.destroy())
    return RESPONSE_ALREADY_SENT
  } catch (error) {
    if (!(error instanceof ConnectionDropped)) throw error
    env.incoming.socket.destroy()
    return RESPONSE_ALREADY_SENT
  }
}
