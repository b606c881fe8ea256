import { createDeferred } from '../async/deferred'
import { onAbort } from '../async/on-abort'
import { type IvhError, IvhTimeoutError, IvhTransportError } from '../errors'
import { Connection, type ConnectionParts } from './connection'
import type { WebSocketFactory, WebSocketLike } from './web-socket-like'

export interface AttemptParts extends ConnectionParts {
  readonly webSocket: WebSocketFactory
  readonly connectTimeoutMs: number
  /** The signed address. It holds a signature: never log it. */
  readonly url: string
}

export interface AttemptListener {
  opened(connection: Connection): void
  text(frame: string): void
  /** Called when the connection was lost. Returns false when it had not opened yet. */
  lost(connection: Connection, error: IvhTransportError): boolean
}

/** Makes one attempt to open a connection. Resolves with its failure, if it failed before `life` ended. */
export async function openConnection(
  parts: AttemptParts,
  listener: AttemptListener,
  life: AbortSignal,
): Promise<IvhError | undefined> {
  const { clock, connectTimeoutMs, sessionId, url, webSocket } = parts
  const outcome = createDeferred<IvhError | undefined>()
  let connection: Connection | undefined
  let isDecided = false
  const attach = (socket: WebSocketLike) => {
    const attempt = new Connection(socket, parts, {
      opened: () => {
        listener.opened(attempt)
        outcome.resolve(undefined)
      },
      text: (frame) => listener.text(frame),
      lost: (error) => {
        if (!listener.lost(attempt, error)) outcome.resolve(error)
      },
    })
    connection = attempt
    if (isDecided || life.aborted) attempt.drop()
    else attempt.begin()
  }
  const cancel = clock.after(connectTimeoutMs, () =>
    outcome.resolve(timeout(sessionId, connectTimeoutMs)),
  )
  const forget = onAbort(life, () => outcome.resolve(undefined))
  // Stop here: the channel may have been closed while the schemas were loaded.
  if (life.aborted) outcome.resolve(undefined)
  else {
    createSocket(webSocket, url).then(attach, (cause: unknown) =>
      outcome.resolve(
        new IvhTransportError('The WebSocket could not be created', { sessionId, cause }),
      ),
    )
  }
  const failure = await outcome.promise
  isDecided = true
  cancel()
  forget()
  if (failure || life.aborted) connection?.drop()
  return failure
}

/** Creates a WebSocket. Rejects when the factory throws. */
async function createSocket(webSocket: WebSocketFactory, url: string): Promise<WebSocketLike> {
  return await webSocket(url)
}

function timeout(sessionId: string, timeoutMs: number): IvhTimeoutError {
  return new IvhTimeoutError(`The command channel did not open within ${timeoutMs} ms`, timeoutMs, {
    sessionId,
    hint: 'Check the network, and the proxies and firewalls between this machine and the gateway.',
  })
}
