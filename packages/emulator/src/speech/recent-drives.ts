import type { DriveMessage } from './speak-status'

const replayedDrives = 3
/** Of a longer drive the beginning and the newest are told again. */
const replayedBeginning = 3
const replayedNewest = 100
/** A ReqId is known as used for this many drives. */
const rememberedDrives = 100

/** What a channel that opens again is told: the speak states of the last three drives (1240/100401). */
export class RecentDrives {
  #drives: { readonly reqId: string; readonly statuses: DriveMessage[] }[] = []
  /** What each of them was. */
  readonly #known = new Map<string, string>()

  get statuses(): readonly DriveMessage[] {
    return this.#drives.flatMap(({ statuses }) => statuses)
  }

  /** `content` tells a drive that comes again from another with its ReqId. */
  begin(reqId: string, content: string): void {
    this.#drives = [...this.#drives, { reqId, statuses: [] }].slice(-replayedDrives)
    this.#known.set(reqId, content)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= rememberedDrives) break
      this.#known.delete(oldest)
    }
  }

  remember(message: DriveMessage): void {
    if (message.Type !== 3) return
    const statuses = this.#drives.findLast(({ reqId }) => reqId === message.ReqId)?.statuses
    if (!statuses) return
    statuses.push(message)
    if (statuses.length > replayedBeginning + replayedNewest) statuses.splice(replayedBeginning, 1)
  }

  /** What began with this ReqId; undefined when nothing did, or long ago. */
  content(reqId: string): string | undefined {
    return this.#known.get(reqId)
  }
}
