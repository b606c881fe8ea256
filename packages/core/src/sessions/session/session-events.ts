import { EventQueue } from '../../async/event-queue'
import type { IvhSession } from '../../contracts/session'
import {
  type AnySessionEvent,
  IvhSessionEvent,
  type SessionEventMap,
  type SessionEventType,
} from '../../contracts/session-events'

// The cast is safe: every event of a type is an IvhSessionEvent of that type.
const SessionEventTarget = EventTarget as new () => EventTarget &
  Pick<IvhSession, 'addEventListener' | 'removeEventListener'>

/** An EventTarget with typed listeners and an async iterator. */
export class SessionEvents extends SessionEventTarget {
  readonly #observe: (event: AnySessionEvent) => void
  readonly #queues = new Set<EventQueue<AnySessionEvent>>()
  #over = false

  /** @param observe Receives every event before the listeners. */
  constructor(observe: (event: AnySessionEvent) => void) {
    super()
    this.#observe = observe
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
