import type { Dispatcher } from 'undici'
import { loadUndici } from './load-undici'
import type { Transport, TransportRequest, TransportResponse } from './transport'

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
  const open = () => {
    opening ??= loadUndici().then(({ Agent }) => {
      ready = new Agent(limits)
      return ready
    })
    return opening
  }
  return {
    async send(request, { signal, delivery }) {
      if (delivery) delivery.sent = false
      return dispatch(ready ?? (await open()), request, signal, () => {
        if (delivery) delivery.sent = true
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

/**
 * Sends one request with `dispatch`: unlike undici's `request`, it tells when a connection takes the request,
 * and it needs neither a stream nor a listener.
 */
function dispatch(
  dispatcher: Dispatcher,
  { origin, path, headers, body }: TransportRequest,
  signal: AbortSignal,
  onSent: () => void,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    let response: Omit<TransportResponse, 'body'> = { status: 0 }
    const chunks: Buffer[] = []
    const abort = () => {
      const error = new DOMException('The request was aborted', 'AbortError')
      controller?.abort(error)
      reject(error)
    }
    signal.addEventListener('abort', abort, { once: true })
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started
        // A request that was aborted before its turn is aborted now.
        if (signal.aborted) abort()
        else onSent()
      },
      onResponseStart(_controller, status, responseHeaders) {
        // Store each response: the final response overwrites a 1xx response.
        response = { status, headers: responseHeaders }
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        signal.removeEventListener('abort', abort)
        const whole = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
        resolve({ ...response, body: whole?.toString('utf8') ?? '' })
      },
      onResponseError(_controller, error) {
        signal.removeEventListener('abort', abort)
        reject(error)
      },
    }
    dispatcher.dispatch({ origin, path, method: 'POST', headers, body }, handler)
  })
}

/** The same transport without its `close`, for a client that did not open it. */
export function withoutClose(transport: Transport): Transport {
  return {
    send: (request, options) => transport.send(request, options),
    preload: async () => transport.preload?.(),
    close: async () => {},
  }
}
