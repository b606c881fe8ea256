import { once } from 'node:events'
import { ServerResponse } from 'node:http'
import { createAdaptorServer, type Http2Bindings, type HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { serveWebSocket } from './channel/serve-web-socket'
import { ConnectionDropped } from './faults/connection-dropped'
import { truncatedMark } from './faults/damage'
import { createGateway, type Gateway } from './gateway/gateway'
import type { GatewayOptions } from './options'

export interface EmulatorOptions extends GatewayOptions {
  /** Default `127.0.0.1`: reachable from this machine only. */
  readonly host?: string | undefined
  /** Default 0: any free port. */
  readonly port?: number | undefined
}

/** An emulated IVH account on a port. */
export interface Emulator extends Gateway, AsyncDisposable {
  /** For example `http://127.0.0.1:40123`; give it to the client as `baseUrl`. */
  readonly url: string
  /** Ends every live session and its stream, then the server. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Starts the emulator.
 *
 * @throws RangeError when an option is out of range; Error with code `EADDRINUSE` when the port is taken.
 * @example
 * await using emulator = await createEmulator({ prepareMs: 0 })
 * const ivh = createIvhClient({ baseUrl: emulator.url, appKey: 'emulator-appkey', accessToken: 'emulator-accesstoken' })
 */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const gateway = createGateway(options)
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

  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= (async () => {
      await gateway.close()
      const closed = once(server, 'close')
      server.close()
      cutConnections()
      await closed
    })()
    return closing
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    fetch: (request) => gateway.fetch(request),
    admitChannel: (url, control) => gateway.admitChannel(url, control),
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
    async restart(options) {
      const restarted = gateway.restart(options)
      cutConnections()
      await restarted
    },
    close,
    [Symbol.asyncDispose]: close,
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
