import type { PlayerState, playerEvents } from '../constants'
import type { Retry } from '../session/session-options'

/** Detail of `statechange`. */
export interface StateChangeDetail {
  state: PlayerState
  previous: PlayerState
}

/** Detail of `autoplayblocked`. */
export interface AutoplayBlockedDetail {
  /** True when the player now starts muted, unless a listener calls `preventDefault()`. */
  muted: boolean
}

/**
 * Detail of `reconnecting`: `attempt` from 1, `delay` in milliseconds, the `reason`, and the `error`
 * with a message for developers.
 */
export type ReconnectingDetail = Retry

/** The events of {@link playerEvents} by name. */
export interface PlayerEventMap {
  [playerEvents.stateChange]: CustomEvent<StateChangeDetail>
  [playerEvents.autoplayBlocked]: CustomEvent<AutoplayBlockedDetail>
  [playerEvents.reconnecting]: CustomEvent<ReconnectingDetail>
  [playerEvents.reconnected]: CustomEvent<undefined>
}

/** `addEventListener` and `removeEventListener` for the player's own events. */
export type OwnListener<Element, Options> = <K extends keyof PlayerEventMap>(
  type: K,
  listener: (this: Element, event: PlayerEventMap[K]) => unknown,
  options?: Options,
) => void
