import type { Clock } from '@ivh-kit/kernel'
import type { CommandChannel } from '../../channel/command-channel'
import type { Logger } from '../../logging/logger'
import type { CommandRegistry } from './command-registry'
import type { Pacer } from './pacer'

/** The state that all utterances and commands of a session share. */
export interface SpeechContext {
  readonly sessionId: string
  readonly channel: Pick<CommandChannel, 'state' | 'isWritable' | 'ready' | 'send' | 'doubt'>
  readonly clock: Clock
  readonly logger: Logger
  readonly createId: () => string
  /** Keeps the minimum interval between the texts of the session. */
  readonly textPacer: Pacer
  /** Pause without a packet after which the service ends a stream of fragments or audio, in milliseconds. */
  readonly streamMaxIntervalMs: number
  readonly commands: CommandRegistry
  /** Reads `SpeakStatus` of statsession. */
  readonly speakStatus: () => Promise<string | undefined>
}
