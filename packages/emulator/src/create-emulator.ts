import { once } from 'node:events'
import { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { createAdaptorServer, type Http2Bindings, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import {
  type Clock,
  checkKnownOptions,
  checkOptions,
  flag,
  IvhConfigError,
  type OptionRules,
  port as portRule,
  text,
  textList,
} from '@ivh-kit/kernel'
import type { Dispatcher } from 'undici'
import { isMovable, RunningClock } from './clock'
import { ConnectionDropped } from './faults/connection-dropped'
import { isTruncated } from './faults/damage'
import { inProcess } from './gateway/carrier'
import { restartPath } from './gateway/control-api'
import { createGateway, type Gateway } from './gateway/gateway'
import { createDispatcher } from './in-process/dispatcher'
import { InProcessWebSocket } from './in-process/web-socket'
import { controlHostCheck } from './loopback'
import { type GatewayOptions, gatewayOptionNames } from './options'
import { serveWebSocket } from './server/serve-web-socket'

export interface EmulatorOptions extends GatewayOptions {
  /** Address to listen on. Default `127.0.0.1`: reachable from this machine only. */
  readonly host?: string | undefined
  /** Port to listen on. Default 0: any free port. */
  readonly port?: number | undefined
  /**
   * `false` opens no port: use `dispatcher`, `webSocket` and `fetch` to reach the emulator. Default true.
   */
  readonly listen?: boolean | undefined
  /**
   * Host names, besides `localhost` and the loopback addresses, under which a browser may open the status
   * page and control an emulator that listens on this machine only. Other names are refused, because a
   * foreign page could point its name to this machine (DNS rebinding). Default: none.
   */
  readonly controlHosts?: readonly string[] | undefined
}

/** Options that connect a client of `@ivh-kit/core` to the emulator and its clock. */
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
   * The client's `baseUrl`, for example `http://127.0.0.1:40123`. Without a port: a name that only
   * `dispatcher` and `webSocket` know.
   */
  readonly url: string
  /**
   * An undici dispatcher that answers in this process, without a port.
   *
   * @throws IvhConfigError (`missing-dependency`) when undici is not installed.
   */
  readonly dispatcher: Dispatcher
  /** Opens a command channel in this process, without a port. */
  readonly webSocket: (url: string) => InProcessWebSocket
  /** Options for `createIvhClient`: credentials, address, clock, and without a port the transports. */
  readonly clientOptions: EmulatorClientOptions
  /**
   * Moves the clock forward: `emulator.advance(600_000)` is ten minutes.
   *
   * @throws IvhConfigError (`invalid-use`) when the given clock cannot be moved.
   */
  advance(milliseconds: number): Promise<void>
  /**
   * Lets the process end without `close`: the server, the connections and the default clock no longer keep
   * it alive.
   */
  unref(): void
  /** Ends every live session and its stream, then the server. May be called twice. */
  close(): Promise<void>
}

/** The server side of an emulator. */
interface Endpoint {
  readonly url: string
  cutConnections(): void
  unref(): void
  close(): Promise<void>
}

/** An emulator without a port. RFC 6761 reserves `.localhost`, so the name belongs to no other host. */
const withoutPort: Endpoint = {
  url: 'http://ivh-emulator.localhost',
  cutConnections() {},
  unref() {},
  async close() {},
}

type ServerOptions = Omit<EmulatorOptions, keyof GatewayOptions>

const serverRules: OptionRules<ServerOptions> = {
  host: text,
  port: portRule,
  listen: flag,
  controlHosts: textList,
}

/**
 * Starts the emulator.
 *
 * @throws IvhConfigError for a wrong or unknown option; Error with code `EADDRINUSE` when the port is in use.
 * @example
 * await using emulator = await createEmulator({ prepareMs: 0 })
 * const ivh = createIvhClient(emulator.clientOptions)
 */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  checkKnownOptions('createEmulator', options, [...gatewayOptionNames, ...Object.keys(serverRules)])
  const {
    controlHosts = [],
    host = defaultHost,
    listen: hasPort = true,
    port = 0,
    ...given
  } = options
  checkOptions('createEmulator', { controlHosts, host, listen: hasPort, port }, serverRules)
  let endpoint = withoutPort
  const gateway = createGateway(given, {
    cutConnections: () => endpoint.cutConnections(),
    mayControl: hasPort ? controlHostCheck(host, controlHosts) : inProcess.mayControl,
  })
  if (hasPort) endpoint = await listen(gateway, host, port)
  const { clock, credentials } = gateway
  const { url } = endpoint
  const webSocket = (address: string) => new InProcessWebSocket(gateway, address)
  let dispatcher: Dispatcher | undefined
  const inProcessDispatcher = () => {
    dispatcher ??= createDispatcher((request) => gateway.fetch(request), url)
    return dispatcher
  }

  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= gateway.close().then(() => endpoint.close())
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
      return hasPort ? common : { ...common, dispatcher: inProcessDispatcher(), webSocket }
    },
    async advance(milliseconds) {
      if (!isMovable(clock)) {
        throw new IvhConfigError('the clock of this emulator cannot be moved', {
          code: 'invalid-use',
          option: 'clock',
          hint: 'Create the clock with createClock.',
        })
      }
      await clock.advance(milliseconds)
    },
    restart: (how) => gateway.restart(how),
    reset: () => gateway.reset(),
    unref() {
      endpoint.unref()
      if (clock instanceof RunningClock) clock.unref()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

const defaultHost = '127.0.0.1'

async function listen(gateway: Gateway, host: string, port: number): Promise<Endpoint> {
  const connections = new Set<Socket>()
  /** Connections that asked for a restart. They stay open for the response. */
  const restarting = new WeakSet<Socket>()
  const server = createAdaptorServer({
    fetch(request, env) {
      const { socket, url } = env.incoming
      if (url === restartPath) restarting.add(socket)
      else restarting.delete(socket)
      return answer(gateway, request, env)
    },
    // The host program keeps its own global Request and Response.
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
    throw new Error('the server has no TCP port')
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    cutConnections() {
      for (const socket of connections) if (!restarting.has(socket)) socket.destroy()
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
