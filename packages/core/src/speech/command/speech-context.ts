import type { Clock } from '@ivh-kit/kernel'
import type { CommandChannel } from '../../channel/command-channel'
import type { Logger } from '../../logger'
import type { TextSpacing } from '../pacing/text-spacing'
import type { CommandRegistry } from './command-registry'

/** What all utterances and commands of a session share. */
export interface SpeechContext {
  readonly sessionId: string
  readonly channel: Pick<CommandChannel, 'state' | 'isWritable' | 'ready' | 'send' | 'doubt'>
  readonly clock: Clock
  readonly logger: Logger
  readonly createId: () => string
  readonly spacing: TextSpacing
  /** After this pause without a packet the service ends a stream of fragments, and audio. */
  readonly streamMaxIntervalMs: number
  readonly commands: CommandRegistry
  /** Reads `SpeakStatus` of statsession. */
  readonly speakStatus: () => Promise<string | undefined>
}
