import type { DownlinkMessage } from '../protocol/downlink'

/** After a reconnect the service sends the events of the last three drives again (1240/100401). */
const rememberedDrives = 8

interface Heard {
  /** How often each event came on earlier connections. */
  readonly before: Map<string, number>
  /** How often each came on this one. */
  readonly now: Map<string, number>
}

/**
 * Tells events that come again after a reconnect from new ones. The same event may rightly come
 * several times (`SentenceNext`), so occurrences are counted: on a new connection, as many as were
 * heard before are repetitions.
 */
export class ReplayFilter {
  readonly #drives = new Map<string, Heard>()

  /** To be called when a new connection begins. */
  reconnected(): void {
    for (const { before, now } of this.#drives.values()) {
      for (const [key, count] of now) before.set(key, Math.max(count, before.get(key) ?? 0))
      now.clear()
    }
  }

  /** True when this message was heard on an earlier connection. */
  isRepetition(message: DownlinkMessage): boolean {
    if (message.reqId === undefined) return false
    const heard = this.#heard(message.reqId)
    const { kind, seq, speakStatus, text, spokenText, displayText, error } = message
    const key = JSON.stringify([kind, seq, speakStatus, text, spokenText, displayText, error])
    const count = (heard.now.get(key) ?? 0) + 1
    heard.now.set(key, count)
    return count <= (heard.before.get(key) ?? 0)
  }

  #heard(reqId: string): Heard {
    const known = this.#drives.get(reqId)
    if (known) return known
    const heard = { before: new Map<string, number>(), now: new Map<string, number>() }
    this.#drives.set(reqId, heard)
    const [oldest] = this.#drives.keys()
    if (this.#drives.size > rememberedDrives && oldest !== undefined) this.#drives.delete(oldest)
    return heard
  }
}
