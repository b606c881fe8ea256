import { once } from 'node:events'
import { createAdaptorServer } from '@hono/node-server'
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
    fetch: (request) => gateway.fetch(request),
    // The program that hosts the emulator keeps its own global Request and Response.
    overrideGlobalObjects: false,
  })
  server.listen(options.port ?? 0, host)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') {
    throw new Error('the emulator did not get a TCP port')
  }

  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= (async () => {
      await gateway.close()
      const closed = once(server, 'close')
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    })()
    return closing
  }
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    fetch: (request) => gateway.fetch(request),
    get sessions() {
      return gateway.sessions
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
