import { once } from 'node:events'
import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createAdaptorServer, type Http2Bindings, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Dispatcher } from 'undici'
import { serveWebSocket } from './channel/serve-web-socket'
import { type Clock, isMovable, RunningClock } from './clock'
import { ConnectionDropped } from './faults/connection-dropped'
import { isTruncated } from './faults/damage'
import { inProcess } from './gateway/carrier'
import { restartPath } from './gateway/control-api'
import { createGateway, type Gateway } from './gateway/gateway'
import { createDispatcher } from './in-process/dispatcher'
import { InProcessWebSocket } from './in-process/web-socket'
import { steeringHosts } from './loopback'
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
  /**
   * Names besides `localhost` and the like under which a browser may see the page and steer an emulator
   * that listens on this machine only; under any other name it is refused, for a foreign page could
   * have made that name lead here. Default none.
   */
  readonly controlHosts?: readonly string[] | undefined
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
  /**
   * Lets the process end though the emulator was not closed: neither its server and connections nor its
   * default clock keep it any longer.
   */
  unref(): void
  /** Ends every live session and its stream, then the server. Safe to call twice. */
  close(): Promise<void>
}

/** Where an emulator is reached. */
interface Place {
  readonly url: string
  cutConnections(): void
  unref(): void
  close(): Promise<void>
}

/** A name that leads nowhere else (RFC 6761). */
const nowhere: Place = {
  url: 'http://ivh-emulator.localhost',
  cutConnections() {},
  unref() {},
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
  const {
    controlHosts = [],
    host = defaultHost,
    listen: listens = true,
    port = 0,
    ...given
  } = options
  let place = nowhere
  const gateway = createGateway(given, {
    cutConnections: () => place.cutConnections(),
    maySteer: listens ? steeringHosts(host, controlHosts) : inProcess.maySteer,
  })
  if (listens) place = await listen(gateway, host, port)
  const { clock, credentials } = gateway
  const { url } = place
  const webSocket = (address: string) => new InProcessWebSocket(gateway, address)
  let dispatcher: Dispatcher | undefined
  const inProcessDispatcher = () => {
    dispatcher ??= createDispatcher((request) => gateway.fetch(request), url)
    return dispatcher
  }

  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= gateway.close().then(() => place.close())
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
    restart: (how) => gateway.restart(how),
    reset: () => gateway.reset(),
    unref() {
      place.unref()
      if (clock instanceof RunningClock) clock.unref()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

const defaultHost = '127.0.0.1'

async function listen(gateway: Gateway, host: string, port: number): Promise<Place> {
  const connections = new Set<Socket>()
  /** Who asks for a restart is told that it was done. */
  const asking = new WeakSet<Socket>()
  const server = createAdaptorServer({
    fetch(request, env) {
      const { socket, url } = env.incoming
      if (url === restartPath) asking.add(socket)
      else asking.delete(socket)
      return answer(gateway, request, env)
    },
    // The program that hosts the emulator keeps its own global Request and Response.
    overrideGlobalObjects: false,
  })
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  serveWebSocket(server, gateway)
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new Error('the emulator did not get a TCP port')
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    cutConnections() {
      for (const socket of connections) if (!asking.has(socket)) socket.destroy()
    },
    unref() {
      server.unref()
      server.on('connection', (socket: Socket) => socket.unref())
      for (const socket of connections) socket.unref()
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of connections) socket.destroy()
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
    if (!isTruncated(response)) return response
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
