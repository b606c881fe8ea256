import { closeReason, maxFrameBytes } from '../channel/frame-limits'
import type { ChannelWire, ServerChannel } from '../channel/server-channel'
import type { Gateway } from '../gateway/gateway'

/** An event of {@link InProcessWebSocket}. Its fields depend on `type`. */
export interface InProcessWebSocketEvent {
  readonly type: string
  /** The frame of a `message`. */
  readonly data?: unknown
  /** The close code of a `close`. */
  readonly code?: number
  /** The reason of a `close`. */
  readonly reason?: string
}

type Listener = (event: InProcessWebSocketEvent) => void
type EventType = 'open' | 'message' | 'close' | 'error'

// Save the original function when the module loads: fake timers may replace the global one later.
const { setImmediate: nextTurn } = globalThis

const states = { connecting: 0, open: 1, closing: 2, closed: 3 } as const

/**
 * A command channel without a port: the part of the standard WebSocket that clients use. A message never
 * arrives in the turn of the event loop in which it was sent.
 */
export class InProcessWebSocket {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readyState: 0 | 1 | 2 | 3 = states.connecting
  /** Always 0, because messages are delivered at once. */
  readonly bufferedAmount = 0
  readonly #listeners = new Map<EventType, Set<Listener>>()
  #channel: ServerChannel | undefined

  /** @throws DOMException SyntaxError for a malformed address. */
  constructor(gateway: Pick<Gateway, 'admitChannel'>, url: string) {
    if (!URL.canParse(url)) throw new DOMException(`${url} is not an address`, 'SyntaxError')
    // An error of the clock or the media plane fails the socket, like a failed server.
    this.#connect(gateway, url).catch(() => this.#fail())
  }

  addEventListener(type: EventType, listener: Listener): void {
    const listeners = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, listeners.add(listener))
  }

  removeEventListener(type: EventType, listener: Listener): void {
    this.#listeners.get(type)?.delete(listener)
  }

  /** Sends a message. No-op after the close, like the standard's. @throws DOMException InvalidStateError before `open`. */
  send(data: string): void {
    if (this.readyState === states.connecting) {
      throw new DOMException('the WebSocket is still connecting', 'InvalidStateError')
    }
    if (this.readyState !== states.open) return
    queueMicrotask(() => {
      if (this.readyState !== states.open) return
      if (Buffer.byteLength(data) > maxFrameBytes) this.#end(1009, '')
      else this.#channel?.receive(data)
    })
  }

  close(code = 1005, reason = ''): void {
    if (this.readyState >= states.closing) return
    this.readyState = states.closing
    queueMicrotask(() => this.#end(code, reason))
  }

  async #connect(gateway: Pick<Gateway, 'admitChannel'>, url: string): Promise<void> {
    const admission = await gateway.admitChannel(url)
    // Wait a turn, so that a caller that awaits before it adds its listeners does not miss `open`.
    await new Promise<void>((resolve) => nextTurn(resolve))
    if (this.readyState !== states.connecting) return
    if (admission.kind !== 'admitted') {
      this.#fail()
      return
    }
    this.readyState = states.open
    this.#emit({ type: 'open' })
    // Replayed states must follow `open`.
    this.#channel = admission.open(this.#wire())
    if (this.readyState !== states.open) this.#channel.disconnected()
  }

  #wire(): ChannelWire {
    return {
      send: (data) => queueMicrotask(() => this.#receive(data)),
      close: (code, reason) => queueMicrotask(() => this.#end(code, closeReason(reason))),
      terminate: () => queueMicrotask(() => this.#end(1006, '')),
    }
  }

  #receive(data: string): void {
    if (this.readyState === states.open) this.#emit({ type: 'message', data })
  }

  #fail(): void {
    this.#emit({ type: 'error' })
    this.#end(1006, '')
  }

  #end(code: number, reason: string): void {
    if (this.readyState === states.closed) return
    this.readyState = states.closed
    this.#channel?.disconnected()
    this.#emit({ type: 'close', code, reason })
  }

  #emit(event: InProcessWebSocketEvent & { readonly type: EventType }): void {
    for (const listener of [...(this.#listeners.get(event.type) ?? [])]) listener(event)
  }
}
