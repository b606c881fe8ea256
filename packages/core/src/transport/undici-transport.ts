import type { Dispatcher } from 'undici'
import type { Transport } from './transport'

/**
 * The transport of Node: undici with keep-alive. undici is loaded with the first call, so importing
 * the package stays cheap. A dispatcher that was passed in (a proxy, a mock, a pool with other
 * limits) is used as it is and never closed here.
 */
export function createUndiciTransport(dispatcher?: Dispatcher): Transport {
  let own: Dispatcher | undefined
  return {
    async send({ origin, path, headers, body, signal }) {
      const { Agent, request } = await import('undici')
      // The call's own time-out covers headers and body; undici's limits would cut longer ones short.
      if (!dispatcher) own ??= new Agent({ headersTimeout: 0, bodyTimeout: 0 })
      const through = dispatcher ?? own
      const response = await request(`${origin}${path}`, {
        method: 'POST',
        headers,
        body,
        signal,
        ...(through && { dispatcher: through }),
      })
      return {
        status: response.statusCode,
        headers: response.headers,
        body: await response.body.text(),
      }
    },
    async close() {
      await own?.close()
      own = undefined
    },
  }
}
