import type { Clock } from '../clock'
import type { Logger } from '../logger'
import { shorten } from './shorten'

/** So many events are remembered; the oldest go first. */
const rememberedEvents = 5_000
/** What callers send stands in some of them. */
const longest = { text: 1_000, sessionId: 100 } as const

/** One thing that happened inside the emulator. */
export interface EmulatorEvent {
  /** Milliseconds since the epoch, on the emulator's clock. */
  readonly at: number
  readonly kind: 'session' | 'channel' | 'speech' | 'fault' | 'server'
  readonly sessionId: string | undefined
  /** In words, without secrets; control characters are written out. */
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
    const line = this.#record(kind, text, sessionId)
    if (kind !== 'speech') this.#logger.info(line)
  }

  warn(kind: EmulatorEvent['kind'], text: string, sessionId?: string): void {
    this.#logger.warn(this.#record(kind, text, sessionId))
  }

  /** Gives back the line for a logger. */
  #record(kind: EmulatorEvent['kind'], said: string, about: string | undefined): string {
    const text = printable(shorten(said, longest.text))
    const sessionId = about && printable(shorten(about, longest.sessionId))
    const event = { at: this.#clock.now(), kind, sessionId, text }
    this.#events.push(event)
    if (this.#events.length > rememberedEvents) this.#events.shift()
    for (const listener of this.listeners) listener(event)
    return sessionId ? `${sessionId} ${text}` : text
  }

  clear(): void {
    this.#events = []
  }
}

/** A caller's text may neither begin a line of its own nor steer the terminal that it is printed on. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
