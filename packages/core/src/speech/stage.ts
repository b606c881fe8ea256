import type { Clock } from '@ivh-kit/kernel'
import type { Logger } from '../logger'
import type { Drives } from './drives'
import type { TextSpacing } from './text-spacing'

/** The part of the command channel that speaking needs. */
export interface StageChannel {
  readonly isOpen: boolean
  /** Open, and its buffer is not full. */
  readonly isWritable: boolean
  ready(): Promise<void>
  send(frame: string): boolean
  /** An answer of the service has been due since `since`; the connection is opened again when it seems dead. */
  doubt(since: number): void
}

/** What every utterance of a session shares. */
export interface Stage {
  readonly sessionId: string
  readonly channel: StageChannel
  readonly clock: Clock
  readonly logger: Logger
  readonly createId: () => string
  readonly spacing: TextSpacing
  /** After so long without a packet the service ends a stream of fragments, and audio. */
  readonly streamMaxIntervalMs: number
  readonly drives: Drives
  /** `SpeakStatus` of statsession. */
  readonly speakStatus: () => Promise<string | undefined>
}
