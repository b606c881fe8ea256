import type { Playback } from '@ivh-kit/core'
import type { BrokerProblem } from './problem'

/** The state of a visitor's session. `closed` and `failed` are final. */
export type BrokerState =
  | 'creating'
  | 'preparing'
  | 'starting'
  | 'ready'
  | 'closing'
  | 'closed'
  | 'failed'

/** The page's view of its session. */
export interface BrokerSnapshot {
  readonly id: string
  readonly state: BrokerState
  /** Present from the state `preparing` on. */
  readonly sessionId?: string
  /** Milliseconds since the visitor asked for the session. */
  readonly elapsedMs: number
  /** Present in the state `ready`. Every snapshot has freshly signed addresses. */
  readonly playback?: Playback
  readonly problem?: BrokerProblem
}

/** The states that never change again. */
export const finalStates: ReadonlySet<BrokerState> = new Set(['closed', 'failed'])
