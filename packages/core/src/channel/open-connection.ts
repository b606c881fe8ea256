import { createDeferred } from '../async/deferred'
import { type IvhError, IvhTimeoutError, IvhTransportError } from '../errors'
import { Connection, type ConnectionParts } from './connection'
import type { WebSocketFactory } from './web-socket-like'

export interface OpeningListener {
  opened(connection: Connection): void
  text(frame: string): void
  /** False when the connection is not the one in use: it was lost before it opened. */
  lost(connection: Connection, error: IvhTransportError): boolean
}

/** One try to open a connection; resolves with what went wrong, or with nothing when it opened or `life` ended. */
export async function openConnection(
  parts: ConnectionParts & {
    readonly webSocket: WebSocketFactory
    readonly connectTimeoutMs: number
    /** Signed: never to be shown. */
    readonly url: string
  },
  listener: OpeningListener,
  life: AbortSignal,
): Promise<IvhError | undefined> {
  const { clock, connectTimeoutMs, sessionId, url, webSocket } = parts
  const opening = createDeferred<IvhError | undefined>()
  let connection: Connection | undefined
  const cancel = clock.after(connectTimeoutMs, () => {
    connection?.drop('too slow')
    opening.resolve(tooSlow(sessionId, connectTimeoutMs))
  })
  const stop = () => opening.resolve(undefined)
  life.addEventListener('abort', stop, { once: true })
  // The life may have ended while the schemas were being loaded.
  if (life.aborted) stop()
  try {
    const arriving = Promise.resolve(webSocket(url))
    const socket = await Promise.race([arriving, opening.promise.then(() => undefined)])
    if (!socket) {
      // It may still come, when nobody wants it any more.
      arriving.then(
        (late) => new Connection(late, parts, nobody).drop(),
        () => {},
      )
      return await opening.promise
    }
    const attempt = new Connection(socket, parts, {
      opened: () => {
        listener.opened(attempt)
        opening.resolve(undefined)
      },
      text: (frame) => listener.text(frame),
      lost: (error) => {
        if (!listener.lost(attempt, error)) opening.resolve(error)
      },
    })
    connection = attempt
    if (life.aborted) attempt.drop()
    else attempt.begin()
    const failed = await opening.promise
    if (life.aborted) attempt.drop()
    return failed
  } catch (cause) {
    return new IvhTransportError('The WebSocket could not be made', { sessionId, cause })
  } finally {
    cancel()
    life.removeEventListener('abort', stop)
  }
}

const nobody = { opened() {}, text() {}, lost() {} }

function tooSlow(sessionId: string, timeoutMs: number): IvhTimeoutError {
  return new IvhTimeoutError(`The command channel did not open within ${timeoutMs} ms`, timeoutMs, {
    sessionId,
    hint: 'Check the network and what stands between this machine and the gateway.',
  })
}
