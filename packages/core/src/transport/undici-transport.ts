import type * as Undici from 'undici'
import type { Dispatcher } from 'undici'
import { loadUndici } from './load-undici'
import type { Transport } from './transport'

/** The attempt's own timeout covers headers and body, so undici's limits are switched off. */
const limits = { headersTimeout: 0, bodyTimeout: 0 }

interface Connection {
  readonly request: typeof Undici.request
  readonly through: Dispatcher
}

async function connect(dispatcher: Dispatcher | undefined): Promise<Connection> {
  const { Agent, request } = await loadUndici()
  return { request, through: dispatcher ?? new Agent(limits) }
}

/**
 * Sends with undici over keep-alive connections.
 *
 * @param dispatcher A proxy, a mock or a pool of your own. It is used as it is and never closed here.
 */
export function createUndiciTransport(dispatcher?: Dispatcher): Transport {
  let connection: Promise<Connection> | undefined
  return {
    async send({ origin, path, headers, body }, { signal }) {
      connection ??= connect(dispatcher)
      const { request, through } = await connection
      const response = await request(origin + path, {
        method: 'POST',
        headers,
        body,
        signal,
        dispatcher: through,
        ...limits,
      })
      return {
        status: response.statusCode,
        headers: response.headers,
        body: await response.body.text(),
      }
    },
    async preload() {
      await loadUndici()
    },
    async close() {
      const opened = await connection
      connection = undefined
      if (opened && !dispatcher) await opened.through.close()
    },
  }
}

/** The same transport without its `close`, for a client that did not open it. */
export function withoutClose(transport: Transport): Transport {
  return {
    send: (request, options) => transport.send(request, options),
    preload: async () => transport.preload?.(),
    close: async () => {},
  }
}
