import type { PlayerState } from '../constants'

/** An event that can change the state of a session. */
export type SessionSignal =
  | 'clear' // the source was removed
  | 'hold' // a source is set, and playback is not requested yet
  | 'connect' // playback is requested, and a connection begins
  | 'progress' // the playhead moved
  | 'stall' // the picture has stood still for a while
  | 'pause' // the caller or the visitor paused
  | 'not-live' // the stream is not live; a retry is scheduled
  | 'lost' // the connection is lost; a retry is scheduled
  | 'end' // the stream was live and stopped, and no retry is left
  | 'fail' // the player gave up

/**
 * Returns the state after a signal. A signal that does not fit the state leaves it unchanged, so
 * that a late event of an ended connection cannot revive a session.
 */
export function nextState(state: PlayerState, signal: SessionSignal): PlayerState {
  switch (signal) {
    case 'clear':
      return 'idle'
    case 'hold':
      return 'paused'
    case 'connect':
      // During a retry the state stays until the picture moves.
      return state === 'waiting' || state === 'reconnecting' ? state : 'loading'
    case 'progress':
      return isActive(state) ? 'playing' : state
    case 'stall':
      return state === 'playing' ? 'stalled' : state
    case 'pause':
      return isActive(state) ? 'paused' : state
    case 'not-live':
      return isActive(state) ? 'waiting' : state
    case 'lost':
      return isActive(state) ? 'reconnecting' : state
    case 'end':
      return isActive(state) ? 'ended' : state
    case 'fail':
      return state === 'idle' ? state : 'failed'
  }
}

/** True for the states in which the player plays or tries to. */
function isActive(state: PlayerState): boolean {
  switch (state) {
    case 'loading':
    case 'waiting':
    case 'playing':
    case 'stalled':
    case 'reconnecting':
      return true
    case 'idle':
    case 'paused':
    case 'ended':
    case 'failed':
      return false
  }
}
