import type { SpeechMessage } from './speak-status'

const replayedCommands = 3
/** Number of first states in the replay of a long command; its newest states follow. */
const replayedBeginning = 3
const replayedNewest = 100
/** Maximum number of ReqIds in memory. */
const rememberedCommands = 100

/** The speak states of the last three commands, for a channel that opens again (1240/100401). */
export class RecentCommands {
  #commands: { readonly reqId: string; readonly statuses: SpeechMessage[] }[] = []
  /** The content of each command, by ReqId. */
  readonly #known = new Map<string, string>()

  get statuses(): readonly SpeechMessage[] {
    return this.#commands.flatMap(({ statuses }) => statuses)
  }

  /** Starts a command. `content` identifies it: a repeated command has the same content. */
  begin(reqId: string, content: string): void {
    this.#commands = [...this.#commands, { reqId, statuses: [] }].slice(-replayedCommands)
    this.#known.set(reqId, content)
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= rememberedCommands) break
      this.#known.delete(oldest)
    }
  }

  remember(message: SpeechMessage): void {
    if (message.Type !== 3) return
    const statuses = this.#commands.findLast(({ reqId }) => reqId === message.ReqId)?.statuses
    if (!statuses) return
    statuses.push(message)
    if (statuses.length > replayedBeginning + replayedNewest) statuses.splice(replayedBeginning, 1)
  }

  /** Returns the content of a ReqId, or undefined for an unknown or forgotten one. */
  content(reqId: string): string | undefined {
    return this.#known.get(reqId)
  }
}
