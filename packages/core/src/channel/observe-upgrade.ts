import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'

/** Maximum number of bytes that are read from the body of a refusal. */
const refusalBytes = 1_024
const shownCharacters = 200
/** Maximum number of fragments of a message; undici's default. */
const maxFragments = 131_072

/** The failure of an upgrade. */
export interface UpgradeFailure {
  readonly error: Error
  /** The HTTP status, when the server answered without an upgrade. */
  readonly status?: number
}

export interface UpgradeListener {
  upgraded(stream: Duplex): void
  failed(failure: UpgradeFailure): void
}

/**
 * Creates a dispatcher for one WebSocket of undici. The dispatcher sets the maximum size of a message, and
 * reports the stream of the connection and the cause of a failure; undici's WebSocket reports neither.
 */
export function observeUpgrade(
  undici: typeof import('undici'),
  options: { readonly dispatcher: Dispatcher; readonly maxMessageBytes: number },
  listener: UpgradeListener,
): Dispatcher {
  const observed = options.dispatcher.compose(
    (dispatch) => (request, handler) => dispatch(request, observe(handler, listener)),
  )
  class LimitedDispatcher extends undici.Dispatcher {
    /** The limits of a WebSocket; undici reads this property. */
    get webSocketOptions() {
      return { maxPayloadSize: options.maxMessageBytes, maxFragments }
    }

    override dispatch(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
      return observed.dispatch(request, handler)
    }
  }
  return new LimitedDispatcher()
}

function observe(
  next: Dispatcher.DispatchHandler,
  listener: UpgradeListener,
): Dispatcher.DispatchHandler {
  let status: number | undefined
  let body = ''
  const fail = (controller: Dispatcher.DispatchController, cause: Error) => {
    const failure =
      status === undefined ? { error: cause } : { error: refusal(status, body), status }
    // Report failures later: a dispatcher may fail at once, before the caller has added its listeners.
    process.nextTick(() => {
      listener.failed(failure)
      next.onResponseError?.(controller, failure.error)
    })
  }
  return {
    onRequestStart: (controller, context) => next.onRequestStart?.(controller, context),
    onRequestUpgrade: (controller, code, headers, stream) => {
      listener.upgraded(stream)
      next.onRequestUpgrade?.(controller, code, headers, stream)
    },
    onResponseStart: (_controller, code) => {
      if (code >= 200) status = code
    },
    onResponseData: (controller, chunk) => {
      body += chunk.toString('latin1')
      if (body.length >= refusalBytes) controller.abort(new Error('Enough of the refusal was read'))
    },
    onResponseEnd: (controller) => fail(controller, new Error('The server sent no answer')),
    onResponseError: fail,
  }
}

function refusal(status: number, body: string): Error {
  const text = Buffer.from(body.slice(0, refusalBytes), 'latin1').toString('utf8')
  const shown = text.replace(/\s+/g, ' ').trim().slice(0, shownCharacters)
  const message = `the server answered with HTTP status ${status}`
  return new Error(shown ? `${message}: ${shown}` : message)
}
