import type { DownlinkMessage } from '../protocol/downlink'
import type { Drive } from './drive'

/** The drives of a session that are under way, and what concerns them all. */
export class Drives {
  readonly #live = new Map<string, Drive>()
  #newest: string | undefined

  add(drive: Drive): void {
    this.#live.set(drive.reqId, drive)
  }

  delete({ reqId }: Drive): void {
    this.#live.delete(reqId)
  }

  /** To be called when a drive begins to be sent. */
  begun({ reqId }: Drive): void {
    this.#newest = reqId
  }

  /** Whether none has begun to be sent after it. */
  isNewest({ reqId }: Drive): boolean {
    return this.#newest === reqId
  }

  hear(message: DownlinkMessage, repeated: boolean): void {
    if (message.reqId) this.#live.get(message.reqId)?.hear(message, repeated)
  }

  /** To be called with each new connection, before anything is sent on it. */
  connected(): void {
    for (const drive of [...this.#live.values()]) drive.connected()
  }

  /** The channel was given up. What was not sent yet does not know of it, and may open it again. */
  lost(error: unknown): void {
    for (const drive of [...this.#live.values()]) if (drive.wasSent) drive.fail(error)
  }
}
