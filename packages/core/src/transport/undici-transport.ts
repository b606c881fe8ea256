import type { Dispatcher } from 'undici'
import { exchangeAborted } from './answer-handler'
import type { Sending } from './sender'
import type { Transport } from './transport'
import { createUndiciSender } from './undici-sender'

/**
 * The transport of Node: undici with keep-alive. undici is loaded with the first call, so importing
 * the package stays cheap. A dispatcher that was passed in (a proxy, a mock, a pool with other
 * limits) is used as it is and never closed here.
 */
export function createUndiciTransport(given?: Dispatcher): Transport {
  const sender = createUndiciSender(given)
  return {
    send: (request, cancellation) =>
      new Promise((answered, failed) => {
        let cancelled = false
        let sending: Sending | undefined
        cancellation.onCancel(() => {
          cancelled = true
          sending?.cancel()
        })
        if (cancelled) failed(exchangeAborted())
        else sending = sender.send({ ...request, method: 'POST' }, { answered, failed })
      }),
    close: () => sender.close(),
  }
}
