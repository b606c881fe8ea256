import type { Clock } from '@ivh-kit/kernel'
import type { WebSocketEvent, WebSocketFactory, WebSocketLike } from '../channel/web-socket-like'

/** A message that the client sent. */
export interface SentCommand {
  readonly ReqId: string
  readonly Command: string
  readonly Data: Record<string, unknown>
  /** Time on the virtual clock. */
  readonly at: number
}

/** One WebSocket in memory. */
export class ScriptedSocket implements WebSocketLike {
  bufferedAmount = 0
  readonly url: string
  readonly sent: SentCommand[] = []
  closed = false
  readonly ping?: () => void
  readonly #clock: Clock
  readonly #onSend: (command: SentCommand, socket: ScriptedSocket) => void
  readonly #listeners = new Map<string, Set<(event: WebSocketEvent) => void>>()

  constructor(
    url: string,
    clock: Clock,
    onSend: (command: SentCommand, socket: ScriptedSocket) => void,
    onPing?: (socket: ScriptedSocket) => void,
  ) {
    if (onPing) this.ping = () => onPing(this)
    this.url = url
    this.#clock = clock
    this.#onSend = onSend
  }

  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0)
  }

  addEventListener(type: string, listener: (event: WebSocketEvent) => void): void {
    const known = this.#listeners.get(type) ?? new Set()
    this.#listeners.set(type, known.add(listener))
  }

  removeEventListener(type: string, listener: (event: WebSocketEvent) => void): void {
    this.#listeners.get(type)?.delete(listener)
  }

  send(data: string): void {
    const { Payload } = JSON.parse(data) as { Payload: Omit<SentCommand, 'at'> }
    const command = { ...Payload, at: this.#clock.now() }
    this.sent.push(command)
    this.#onSend(command, this)
  }

  close(): void {
    if (this.closed) return
    this.closed = true
    this.emit({ type: 'close', code: 1000 })
  }

  /** Breaks the connection. */
  drop(): void {
    this.closed = true
    this.emit({ type: 'error' })
    this.emit({ type: 'close', code: 1006 })
  }

  /** Delivers a message of the service. */
  tell(payload: Record<string, unknown>, header: Record<string, unknown> = { Code: 0 }): void {
    this.emit({ type: 'message', data: JSON.stringify({ Header: header, Payload: payload }) })
  }

  emit(event: WebSocketEvent): void {
    for (const listener of [...(this.#listeners.get(event.type) ?? [])]) listener(event)
  }
}

export interface ScriptedSockets {
  readonly webSocket: WebSocketFactory
  readonly sockets: readonly ScriptedSocket[]
  /** The newest socket. */
  readonly last: ScriptedSocket
  /** All commands that were sent over any socket, except heartbeats. */
  readonly commands: readonly SentCommand[]
}

/**
 * Creates WebSockets in memory. They open after 1 ms, unless `accepts` returns false. `obey` receives each
 * command as the service would.
 */
export function createScriptedSockets(
  clock: Clock,
  {
    accepts = () => true,
    obey = () => {},
    pinged,
  }: {
    readonly accepts?: (count: number) => boolean
    readonly obey?: (command: SentCommand, socket: ScriptedSocket) => void
    /** Receives pings. Without it the WebSockets have no `ping`, as in a browser. */
    readonly pinged?: ((socket: ScriptedSocket) => void) | undefined
  } = {},
): ScriptedSockets {
  const sockets: ScriptedSocket[] = []
  return {
    sockets,
    get last() {
      const socket = sockets.at(-1)
      if (!socket) throw new Error('no WebSocket was opened')
      return socket
    },
    get commands() {
      return sockets
        .flatMap(({ sent }) => sent)
        .filter(({ Command }) => Command !== 'SEND_HEARTBEAT')
    },
    webSocket: (url) => {
      const socket = new ScriptedSocket(url, clock, obey, pinged)
      sockets.push(socket)
      const accepted = accepts(sockets.length)
      clock.after(1, () => (accepted ? socket.emit({ type: 'open' }) : socket.drop()))
      return socket
    },
  }
}

/** Returns a service that speaks every text for `spokenMs`, and audio until its final packet. */
export function speaker(clock: Clock, spokenMs: number) {
  const cancels = new Map<string, () => void>()
  let current:
    | { readonly reqId: string; readonly status: (state: string, seq?: number) => void }
    | undefined
  const over = (state: string, FinalType?: number) => {
    const ending = current
    if (!ending) return
    current = undefined
    cancels.get(ending.reqId)?.()
    ending.status(state, FinalType)
  }
  return ({ ReqId, Command, Data }: SentCommand, socket: ScriptedSocket): void => {
    const status = (SpeakStatus: string, FinalType?: number, Seq = 0) =>
      socket.tell({ Type: 3, ReqId, SpeakStatus, Seq, ...(FinalType && { FinalType }) })
    const after = (ms: number, callback: () => void) =>
      cancels.set(ReqId, clock.after(ms, callback))
    if (Command === 'SEND_TEXT') {
      over('TextOver')
      if (Data.Text === '') return
      current = { reqId: ReqId, status }
      after(10, () => {
        status('TextStart')
        after(spokenMs, () => over('TextOver'))
      })
    }
    if (Command === 'SEND_STREAMTEXT') {
      if (Data.Interrupt) {
        over('TextOver', 3)
        return
      }
      const first = current?.reqId !== ReqId
      current = { reqId: ReqId, status }
      if (first) after(5, () => status('TextStart'))
      if (Data.IsFinal) after(spokenMs, () => over('TextOver', 1))
      else clock.after(10, () => status('SentenceNext', undefined, Number(Data.Seq)))
    }
    if (Command === 'SEND_AUDIO') {
      const first = current?.reqId !== ReqId
      current = { reqId: ReqId, status }
      if (first) after(5, () => status('AudioStart'))
      if (Data.IsFinal) after(spokenMs, () => over('AudioOver', 1))
    }
  }
}
