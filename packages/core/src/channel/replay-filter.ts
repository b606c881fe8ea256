import type { DownlinkMessage } from '../protocol/downlink'

/**
 * Number of commands to remember. After a reconnect the service repeats the events of the last three
 * (1240/100401).
 */
const rememberedCommands = 8

interface Occurrences {
  /** Number of arrivals of each event on earlier connections. */
  readonly before: Map<string, number>
  /** Number of arrivals of each event on the present connection. */
  readonly now: Map<string, number>
}

/**
 * Recognises events that the service repeats after a reconnect. The same event may occur several times
 * (`SentenceNext`), so arrivals are counted: if an event arrived twice on earlier connections, its first two
 * arrivals on a new connection are repetitions.
 */
export class ReplayFilter {
  readonly #commands = new Map<string, Occurrences>()

  /** Call it when a new connection begins. */
  reconnected(): void {
    for (const { before, now } of this.#commands.values()) {
      for (const [key, count] of now) before.set(key, Math.max(count, before.get(key) ?? 0))
      now.clear()
    }
  }

  /** True when the message arrived on an earlier connection. */
  isRepetition(message: DownlinkMessage): boolean {
    if (message.reqId === undefined) return false
    const { before, now } = this.#occurrences(message.reqId)
    const { kind, seq, speakStatus, text, spokenText, displayText, error } = message
    const key = JSON.stringify([kind, seq, speakStatus, text, spokenText, displayText, error])
    const count = (now.get(key) ?? 0) + 1
    now.set(key, count)
    return count <= (before.get(key) ?? 0)
  }

  #occurrences(reqId: string): Occurrences {
    const known = this.#commands.get(reqId)
    if (known) return known
    const created = { before: new Map<string, number>(), now: new Map<string, number>() }
    this.#commands.set(reqId, created)
    const [oldest] = this.#commands.keys()
    if (this.#commands.size > rememberedCommands && oldest !== undefined) {
      this.#commands.delete(oldest)
    }
    return created
  }
}
