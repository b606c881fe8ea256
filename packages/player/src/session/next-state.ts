import type { PlayerState } from '../constants'

/** What can happen to a session, as far as its state is concerned. */
export type SessionSignal =
  | 'clear' // the source was removed
  | 'hold' // a source is there, playback is not wanted (yet)
  | 'connect' // playback is wanted and a connection begins
  | 'progress' // the picture moves
  | 'standstill' // the picture has stood still for a while
  | 'pause' // somebody paused
  | 'not-live' // the stream is not there; a retry is planned
  | 'lost' // the connection is lost; a retry is planned
  | 'end' // it was live, it stopped, no retry is left
  | 'fail' // given up

/**
 * The state after a signal. A signal that makes no sense in a state leaves it as it is, so that a
 * late event of a dead connection cannot revive a session.
 */
export function nextState(state: PlayerState, signal: SessionSignal): PlayerState {
  switch (signal) {
    case 'clear':
      return 'idle'
    case 'hold':
      return 'paused'
    case 'connect':
      // A retry keeps saying what it waits for until something moves.
      return state === 'waiting' || state === 'reconnecting' ? state : 'loading'
    case 'progress':
      return isConnected(state) ? 'playing' : state
    case 'standstill':
      return state === 'playing' ? 'stalled' : state
    case 'pause':
      return isConnected(state) ? 'paused' : state
    case 'not-live':
      return isConnected(state) ? 'waiting' : state
    case 'lost':
      return isConnected(state) ? 'reconnecting' : state
    case 'end':
      return isConnected(state) ? 'ended' : state
    case 'fail':
      return state === 'idle' ? state : 'failed'
  }
}

function isConnected(state: PlayerState): boolean {
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
