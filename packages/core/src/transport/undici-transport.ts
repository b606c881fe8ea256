import type { Dispatcher } from 'undici'
import { loadUndici } from './load-undici'
import { ResponseCollector } from './response-collector'
import type { Transport } from './transport'

/** The attempt's own timeout covers headers and body, so undici's limits are switched off. */
const limits = { headersTimeout: 0, bodyTimeout: 0 }

/**
 * Sends with undici over keep-alive connections.
 *
 * @param dispatcher A proxy, a mock or a pool of your own. It is used as it is and never closed here.
 */
export function createUndiciTransport(dispatcher?: Dispatcher): Transport {
  let ready = dispatcher
  let opening: Promise<Dispatcher> | undefined
  const open = async () => {
    const agent = new (await loadUndici()).Agent(limits)
    ready = agent
    return agent
  }
  return {
    async send(request, { signal }) {
      if (!ready) opening ??= open()
      const through = ready ?? (await opening)
      return new Promise((resolve, reject) => {
        const collector = new ResponseCollector(signal, resolve, reject)
        const { origin, path, headers, body } = request
        through?.dispatch({ origin, path, method: 'POST', headers, body }, collector)
      })
    },
    async preload() {
      await loadUndici()
    },
    async close() {
      const agent = await opening
      opening = undefined
      ready = dispatcher
      await agent?.close()
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
