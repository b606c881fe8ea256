import { EventQueue } from '../../async/event-queue'
import {
  type AnySessionEvent,
  IvhSessionEvent,
  type SessionEventListener,
  type SessionEventMap,
  type SessionEventType,
} from '../../contracts/session-events'

type Listener = Parameters<EventTarget['addEventListener']>[1]
type AddOptions = Parameters<EventTarget['addEventListener']>[2]
type RemoveOptions = Parameters<EventTarget['removeEventListener']>[2]

/** An EventTarget with typed listeners and an async iterator. */
export class SessionEvents extends EventTarget {
  readonly #observe: (event: AnySessionEvent) => void
  readonly #queues = new Set<EventQueue<AnySessionEvent>>()
  #over = false

  /** @param observe Receives every event before the listeners. */
  constructor(observe: (event: AnySessionEvent) => void) {
    super()
    this.#observe = observe
  }

  override addEventListener<Type extends SessionEventType>(
    type: Type,
    listener: SessionEventListener<Type>,
    options?: AddOptions,
  ): void {
    // The cast is safe: every event of a type is an IvhSessionEvent of that type.
    super.addEventListener(type, listener as Listener, options)
  }

  override removeEventListener<Type extends SessionEventType>(
    type: Type,
    listener: SessionEventListener<Type>,
    options?: RemoveOptions,
  ): void {
    super.removeEventListener(type, listener as Listener, options)
  }

  [Symbol.asyncIterator](): AsyncGenerator<AnySessionEvent, void, undefined> {
    const queue = new EventQueue<AnySessionEvent>(() => this.#queues.delete(queue))
    this.#queues.add(queue)
    if (this.#over) queue.end()
    return queue
  }

  protected emit<Type extends SessionEventType>(type: Type, detail: SessionEventMap[Type]): void {
    if (this.#over) return
    if (type === 'closed') this.#over = true
    const event = { type, detail } as AnySessionEvent
    this.#observe(event)
    for (const queue of this.#queues) queue.put(event)
    if (this.#over) this.endIterators()
    this.dispatchEvent(new IvhSessionEvent(type, detail))
  }

  protected endIterators(): void {
    for (const queue of [...this.#queues]) queue.end()
  }
}
