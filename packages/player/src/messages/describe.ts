import type { PlayerState } from '../constants'
import type { PlayerError, PlayerErrorReason } from '../player-error'
import { fillLabel, type PlayerLabels } from './labels'

/** The action of the player's button. */
export type PlayerAction = 'unmute' | 'play' | 'retry'

/** The texts for the visitor. Empty strings and `null` show nothing. */
export interface PlayerMessage {
  title: string
  detail: string
  action: PlayerAction | null
  actionLabel: string
}

/** The facts that decide which message the visitor sees. */
export interface Situation {
  state: PlayerState
  error: PlayerError | null
  /** The current or scheduled reconnect attempt, from 1. */
  attempt: number
  /** The reason why the last connection ended. */
  lastReason: PlayerErrorReason
  /** True when this source has played before. */
  everPlayed: boolean
  offline: boolean
  /** The part of playback that the browser blocks: the sound, or all of it. */
  blocked: 'sound' | 'play' | null
}

/** Chooses the message for a situation. */
export function describe(situation: Situation, labels: PlayerLabels): PlayerMessage {
  const action = actionFor(situation)
  return {
    ...textFor(situation, labels),
    action,
    actionLabel: action === null ? '' : labels[action],
  }
}

function textFor(situation: Situation, labels: PlayerLabels): { title: string; detail: string } {
  const { state, error, attempt, everPlayed, offline } = situation
  switch (state) {
    case 'idle':
    case 'paused':
    case 'playing':
      return { title: '', detail: '' }
    case 'loading':
      return { title: labels.loading, detail: '' }
    case 'stalled':
      return { title: labels.stalled, detail: '' }
    case 'waiting':
      return { title: everPlayed ? labels.stopped : labels.waiting, detail: '' }
    case 'reconnecting':
      if (situation.lastReason === 'connection-limit') {
        const { title, hint } = labels.errors['connection-limit']
        return { title, detail: hint }
      }
      return {
        title: offline ? labels.offline : fillLabel(labels.reconnecting, { attempt }),
        detail: '',
      }
    case 'ended':
      return { title: labels.ended, detail: '' }
    case 'failed':
      return error ? textForError(error, labels) : { title: '', detail: '' }
  }
}

function textForError(error: PlayerError, labels: PlayerLabels): { title: string; detail: string } {
  const { title, hint } = labels.errors[error.reason]
  const addresses = error.alternatives.filter((one) => one.playable).map((one) => one.url)
  const detail =
    addresses.length > 0 ? fillLabel(labels.playable, { addresses: addresses.join(' ') }) : hint
  return { title, detail }
}

function actionFor({ state, error, blocked }: Situation): PlayerAction | null {
  switch (state) {
    case 'failed':
      // Offer no retry for these reasons: a retry changes neither the address nor the browser.
      return error?.reason === 'unsupported' || error?.reason === 'codec' ? null : 'retry'
    case 'ended':
      return 'retry'
    case 'idle':
      return null
    case 'paused':
    case 'loading':
    case 'waiting':
    case 'playing':
    case 'stalled':
    case 'reconnecting':
      if (blocked === 'play') return 'play'
      return blocked === 'sound' ? 'unmute' : null
  }
}
