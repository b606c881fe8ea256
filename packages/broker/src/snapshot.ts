import type { Playback } from '@ivh-kit/core'
import type { BrokerProblem } from './problem'

/** How a visitor's session stands. `closed` and `failed` are final. */
export type BrokerState =
  | 'creating'
  | 'preparing'
  | 'starting'
  | 'ready'
  | 'closing'
  | 'closed'
  | 'failed'

/** What the page sees of its session. */
export interface BrokerSnapshot {
  readonly id: string
  readonly state: BrokerState
  /** Known from `preparing` on. */
  readonly sessionId?: string
  /** Milliseconds since the visitor asked. */
  readonly elapsedMs: number
  /** Known from `ready` on; signed afresh in every snapshot. */
  readonly playback?: Playback
  readonly problem?: BrokerProblem
}

export const finalStates: ReadonlySet<BrokerState> = new Set(['closed', 'failed'])
