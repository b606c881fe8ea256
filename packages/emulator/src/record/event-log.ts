import type { Clock } from '@ivh-kit/kernel'
import type { Logger } from '../logger'
import { shorten } from '../wire/shorten'

/** Maximum number of events in memory. The oldest are removed first. */
const rememberedEvents = 5_000
/** Maximum lengths of texts that quote a caller's input, in characters. */
const longest = { text: 1_000, sessionId: 100 } as const

/** One event inside the emulator. */
export interface EmulatorEvent {
  /** Milliseconds since the epoch, on the emulator's clock. */
  readonly at: number
  readonly kind: 'session' | 'channel' | 'speech' | 'fault' | 'server'
  readonly sessionId: string | undefined
  /** The event in words, without secrets. Control characters are escaped. */
  readonly text: string
}

/** The events in their order. The logger receives all of them except the speak states. */
export class EventLog {
  /** Listeners that receive each event. */
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

  /** Returns the line for the logger. */
  #record(kind: EmulatorEvent['kind'], message: string, about: string | undefined): string {
    const text = printable(shorten(message, longest.text))
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

/** Escapes control characters, so that a caller's text cannot start a line or control the terminal. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
