import { EventQueue } from '../async/event-queue'
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

/** Typed listeners, and an async iterator. */
export class SessionEvents extends EventTarget {
  readonly #queues = new Set<EventQueue<AnySessionEvent>>()
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

  /**
   * Every event from this call on, until the session is closed or its close has failed. What is not read is
   * kept, so leave the loop, or call `return()`, when you no longer want it.
   */
  [Symbol.asyncIterator](): AsyncGenerator<AnySessionEvent, void, undefined> {
    const queue = new EventQueue<AnySessionEvent>(() => this.#queues.delete(queue))
    this.#queues.add(queue)
    if (this.#over) queue.end()
    return queue
  }

  /** @internal Called with every event before anybody else is. */
  protected observed(_event: AnySessionEvent): void {}

  /** @internal */
  protected emit<Type extends SessionEventType>(type: Type, detail: SessionEventMap[Type]): void {
    if (this.#over) return
    if (type === 'closed') this.#over = true
    const event = { type, detail } as AnySessionEvent
    this.observed(event)
    for (const queue of this.#queues) queue.put(event)
    if (this.#over) this.endIterators()
    this.dispatchEvent(new IvhSessionEvent(type, detail))
  }

  /** @internal */
  protected endIterators(): void {
    for (const queue of [...this.#queues]) queue.end()
  }
}
