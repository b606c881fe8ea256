import type { CloseReason } from '../channel/channel-end'
import type { IvhError } from '../errors'
import type { DownlinkMessage } from '../protocol/downlink'

/** What a session tells, by event name; the fields are in the event's `detail`. */
export interface SessionEventMap {
  /** The command channel is open, for the first time or again. */
  readonly ready: { readonly reconnected: boolean }
  /** The first sound of an utterance after silence. */
  readonly speaking: Record<string, never>
  /** Nothing is spoken and nothing is queued any more. */
  readonly idle: Record<string, never>
  /** The command channel is opened again after `delayMs`. */
  readonly reconnecting: {
    readonly attempt: number
    readonly delayMs: number
    readonly error: IvhError
  }
  /** The command channel was given up for now; its next use tries again. */
  readonly disconnected: { readonly error: IvhError }
  /** A heartbeat was sent. */
  readonly heartbeat: { readonly reqId: string }
  /** A heartbeat was due and could not be sent. */
  readonly 'heartbeat-missed': { readonly error: IvhError }
  /** Whatever the service says over the channel, each message once. */
  readonly message: { readonly message: DownlinkMessage }
  /** The last event. `error` tells more unless it was closed here. */
  readonly closed: { readonly reason: CloseReason; readonly error: IvhError | undefined }
}

export type SessionEventType = keyof SessionEventMap

/** An event of a session. */
export class IvhSessionEvent<Type extends SessionEventType = SessionEventType> extends Event {
  readonly detail: SessionEventMap[Type]

  /** @internal Sessions make their events. */
  constructor(type: Type, detail: SessionEventMap[Type]) {
    super(type)
    this.detail = detail
  }
}

/** An event as the async iterator gives it: `type` tells which `detail` it has. */
export type AnySessionEvent = {
  [Type in SessionEventType]: { readonly type: Type; readonly detail: SessionEventMap[Type] }
}[SessionEventType]

type Listener<Type extends SessionEventType> =
  | ((event: IvhSessionEvent<Type>) => void)
  | { handleEvent(event: IvhSessionEvent<Type>): void }
  | null
/** What an EventTarget takes; the events of a type are those of that type. */
type Listening = Parameters<EventTarget['addEventListener']>[1]
type ListenOptions = Parameters<EventTarget['addEventListener']>[2]
type ForgetOptions = Parameters<EventTarget['removeEventListener']>[2]

/** Typed listeners, and an async iterator that ends with `closed`. */
export class SessionEvents extends EventTarget {
  readonly #queues = new Set<(event: AnySessionEvent) => void>()
  #over = false

  override addEventListener<Type extends SessionEventType>(
    type: Type,
    listener: Listener<Type>,
    options?: ListenOptions,
  ): void {
    super.addEventListener(type, listener as Listening, options)
  }

  override removeEventListener<Type extends SessionEventType>(
    type: Type,
    listener: Listener<Type>,
    options?: ForgetOptions,
  ): void {
    super.removeEventListener(type, listener as Listening, options)
  }

  /** Every event from now on, until the session is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<AnySessionEvent, void, undefined> {
    const waiting: AnySessionEvent[] = []
    let wake = () => {}
    const take = (event: AnySessionEvent) => {
      waiting.push(event)
      wake()
    }
    this.#queues.add(take)
    try {
      while (!this.#over || waiting.length > 0) {
        const event = waiting.shift()
        if (event) yield event
        else {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      }
    } finally {
      this.#queues.delete(take)
    }
  }

  /** @internal Called with every event before anybody else is. */
  protected observed(_event: AnySessionEvent): void {}

  /** @internal */
  protected emit<Type extends SessionEventType>(type: Type, detail: SessionEventMap[Type]): void {
    if (this.#over) return
    if (type === 'closed') this.#over = true
    const event = { type, detail } as AnySessionEvent
    this.observed(event)
    for (const take of this.#queues) take(event)
    this.dispatchEvent(new IvhSessionEvent(type, detail))
  }
}
