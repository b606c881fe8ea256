import type { PlayerEvents, PlayerState } from './constants'
import type { PlannedAttempt } from './session/live-session'

/** Detail of `statechange`. */
export interface StateChangeDetail {
  state: PlayerState
  previous: PlayerState
}

/** Detail of `autoplayblocked`. */
export interface AutoplayBlockedDetail {
  /** Whether the player starts without sound now, unless `preventDefault()` is called. */
  muted: boolean
}

/** Detail of `reconnecting`: `attempt` from 1, `delay` in milliseconds, and the `reason`. */
export type ReconnectingDetail = PlannedAttempt

/** The player's own events by name. */
export interface PlayerEventMap {
  [PlayerEvents.STATE_CHANGE]: CustomEvent<StateChangeDetail>
  [PlayerEvents.AUTOPLAY_BLOCKED]: CustomEvent<AutoplayBlockedDetail>
  [PlayerEvents.RECONNECTING]: CustomEvent<ReconnectingDetail>
  [PlayerEvents.RECONNECTED]: CustomEvent<undefined>
}
