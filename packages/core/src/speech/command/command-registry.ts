import type { DownlinkMessage } from '../../protocol/downlink'
import type { Command } from './command'

/** The commands of a session that are in progress. */
export class CommandRegistry {
  readonly #commands = new Map<string, Command>()
  #newest: string | undefined

  add(command: Command): void {
    this.#commands.set(command.reqId, command)
  }

  delete({ reqId }: Command): void {
    this.#commands.delete(reqId)
  }

  /** Call it when the first packet of a command has been sent. */
  begun({ reqId }: Command): void {
    this.#newest = reqId
  }

  /** True unless another command has begun since. */
  isNewest({ reqId }: Command): boolean {
    return this.#newest === reqId
  }

  /** Passes a message to the command with its ReqId. */
  receive(message: DownlinkMessage, repeated: boolean): void {
    if (message.reqId) this.#commands.get(message.reqId)?.receive(message, repeated)
  }

  /** Call it for each new connection, before anything is sent on it. */
  connected(): void {
    for (const command of [...this.#commands.values()]) command.connected()
  }

  /** Fails the commands that have begun, after the channel gave up. The others may open it again. */
  channelDown(error: unknown): void {
    for (const command of [...this.#commands.values()]) if (command.wasSent) command.fail(error)
  }
}
