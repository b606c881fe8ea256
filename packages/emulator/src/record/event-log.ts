import type { Clock } from '../clock'
import type { Logger } from '../logger'

/** So many events are remembered; the oldest go first. */
const rememberedEvents = 5_000

/** One thing that happened inside the emulator. */
export interface EmulatorEvent {
  /** Milliseconds since the epoch, on the emulator's clock. */
  readonly at: number
  readonly kind: 'session' | 'channel' | 'speech' | 'fault' | 'server'
  readonly sessionId: string | undefined
  /** In words, without secrets. */
  readonly text: string
}

/** What happened, in order; all but the single speak states is told to the logger as well. */
export class EventLog {
  /** Told of each event as it happens. */
  readonly listeners = new Set<(event: EmulatorEvent) => void>()
  readonly #clock: Clock
  readonly #logger: Logger
  #events: EmulatorEvent[] = []

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock
    this.#logger = logger
  }

  get events(): readonly EmulatorEvent[] {
    return [...this.#events]
  }

  info(kind: EmulatorEvent['kind'], text: string, sessionId?: string): void {
    this.#record(kind, text, sessionId)
    if (kind !== 'speech') this.#logger.info(sessionId ? `${sessionId} ${text}` : text)
  }

  warn(kind: EmulatorEvent['kind'], text: string, sessionId?: string): void {
    this.#record(kind, text, sessionId)
    this.#logger.warn(sessionId ? `${sessionId} ${text}` : text)
  }

  #record(kind: EmulatorEvent['kind'], text: string, sessionId: string | undefined): void {
    const event = { at: this.#clock.now(), kind, sessionId, text }
    this.#events.push(event)
    if (this.#events.length > rememberedEvents) this.#events.shift()
    for (const listener of this.listeners) listener(event)
  }

  clear(): void {
    this.#events = []
  }
}
