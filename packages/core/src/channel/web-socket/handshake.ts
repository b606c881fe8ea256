import { createHash, randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'

/** So much of the body of a refusal is read. */
const refusalBytes = 1024
const refusalShownCharacters = 200
/** RFC 6455, 1.3. */
const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

export interface HandshakeListener {
  /** The stream is the WebSocket's from now on. */
  upgraded(stream: Duplex): void
  /** `status` is the HTTP status, when the server answered and did not make a WebSocket of it. */
  failed(error: Error, status?: number): void
}

/** Asks for the upgrade through a dispatcher; the function that is returned gives up. */
export function shakeHands(
  dispatcher: Dispatcher,
  url: string,
  listener: HandshakeListener,
): () => void {
  const { protocol, host, pathname, search } = new URL(url)
  const handshake = new Handshake(listener)
  dispatcher.dispatch(
    {
      origin: `${protocol === 'wss:' ? 'https:' : 'http:'}//${host}`,
      path: `${pathname}${search}`,
      method: 'GET',
      upgrade: 'websocket',
      headers: {
        'sec-websocket-key': handshake.key,
        'sec-websocket-version': '13',
      },
    },
    handshake,
  )
  return handshake.cancel
}

type Headers = Record<string, string | string[] | undefined>

class Handshake implements Dispatcher.DispatchHandler {
  readonly key = randomBytes(16).toString('base64')
  readonly #listener: HandshakeListener
  #controller: Dispatcher.DispatchController | undefined
  #over = false
  #status = 0
  #said = ''

  constructor(listener: HandshakeListener) {
    this.#listener = listener
  }

  readonly cancel = (): void => {
    this.#over = true
    this.#controller?.abort(new DOMException('The handshake was aborted', 'AbortError'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) this.cancel()
  }

  onRequestUpgrade(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Headers,
    stream: Duplex,
  ): void {
    const wrong = this.#wrong(status, headers)
    if (wrong || this.#over) {
      // A stream that fails while it is thrown away must find somebody who listens.
      stream.on('error', () => {})
      stream.destroy()
      if (wrong) this.#fail(new Error(wrong), status)
      return
    }
    this.#over = true
    this.#listener.upgraded(stream)
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#said += chunk.toString('latin1')
    if (this.#said.length < refusalBytes) return
    this.#refused()
    controller.abort(new Error('enough was read'))
  }

  onResponseEnd(): void {
    this.#refused()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#status >= 200) this.#refused()
    else this.#fail(error)
  }

  #refused(): void {
    const text = Buffer.from(this.#said.slice(0, refusalBytes), 'latin1').toString('utf8')
    const said = text.replace(/\s+/g, ' ').trim().slice(0, refusalShownCharacters)
    const what = `the server answered with HTTP status ${this.#status}`
    this.#fail(new Error(said ? `${what}: ${said}` : what), this.#status)
  }

  #fail(error: Error, status?: number): void {
    if (this.#over) return
    this.#over = true
    this.#listener.failed(error, status)
  }

  /** What RFC 6455, 4.1 has a client look at; neither extensions nor subprotocols were offered. */
  #wrong(status: number, headers: Headers): string | undefined {
    if (status !== 101) return `the server upgraded with HTTP status ${status} instead of 101`
    if (one(headers.upgrade).toLowerCase() !== 'websocket') {
      return 'the server upgraded to something that is not a WebSocket'
    }
    const accept = createHash('sha1').update(`${this.key}${acceptSuffix}`).digest('base64')
    if (one(headers['sec-websocket-accept']) !== accept) {
      return 'the server does not speak WebSocket: its Sec-WebSocket-Accept is wrong'
    }
    if (headers['sec-websocket-extensions'] || headers['sec-websocket-protocol']) {
      return 'the server chose a WebSocket extension or subprotocol that was not offered'
    }
    return undefined
  }
}

function one(header: string | string[] | undefined): string {
  return (Array.isArray(header) ? header.join(', ') : (header ?? '')).trim()
}
