import type { DriveMessage } from './speak-status'

const replayedDrives = 3
/** A ReqId that is over is known as such for this many drives. */
const rememberedEnds = 100

/** What a channel that opens again is told: the speak states of the last three drives (1240/100401). */
export class RecentDrives {
  #drives: { readonly reqId: string; readonly statuses: DriveMessage[] }[] = []
  readonly #ended = new Set<string>()

  get statuses(): readonly DriveMessage[] {
    return this.#drives.flatMap(({ statuses }) => statuses)
  }

  begin(reqId: string): void {
    this.#drives = [...this.#drives, { reqId, statuses: [] }].slice(-replayedDrives)
  }

  remember(message: DriveMessage): void {
    if (message.Type !== 3) return
    this.#drives.findLast(({ reqId }) => reqId === message.ReqId)?.statuses.push(message)
  }

  end(reqId: string): void {
    this.#ended.add(reqId)
    for (const oldest of this.#ended) {
      if (this.#ended.size <= rememberedEnds) break
      this.#ended.delete(oldest)
    }
  }

  ended(reqId: string): boolean {
    return this.#ended.has(reqId)
  }
}
