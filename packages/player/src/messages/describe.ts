import type { PlayerState } from '../constants'
import type { PlayerError } from '../player-error'
import { fillLabel, type PlayerLabels } from './labels'

/** What a visitor can be offered to do. */
export type PlayerAction = 'unmute' | 'play' | 'retry'

/** What the visitor is told. Empty strings and `null` mean nothing is shown. */
export interface PlayerMessage {
  title: string
  detail: string
  action: PlayerAction | null
  actionLabel: string
}

/** What there is to tell about. */
export interface Situation {
  state: PlayerState
  error: PlayerError | null
  /** The attempt that is going on or planned, from 1. */
  attempt: number
  /** Whether this source has been seen playing. */
  everPlayed: boolean
  offline: boolean
  /** What the browser refused: sound, or playing at all. */
  blocked: 'sound' | 'play' | null
}

/** Puts a situation into words. */
export function describe(situation: Situation, labels: PlayerLabels): PlayerMessage {
  const action = actionOf(situation)
  return {
    ...wordsOf(situation, labels),
    action,
    actionLabel: action === null ? '' : labels[action],
  }
}

function wordsOf(situation: Situation, labels: PlayerLabels): { title: string; detail: string } {
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
      return {
        title: offline ? labels.offline : fillLabel(labels.reconnecting, { attempt }),
        detail: '',
      }
    case 'ended':
      return { title: labels.ended, detail: '' }
    case 'failed':
      return error ? wordsOfError(error, labels) : { title: '', detail: '' }
  }
}

function wordsOfError(error: PlayerError, labels: PlayerLabels): { title: string; detail: string } {
  const { title, next } = labels.errors[error.reason]
  const addresses = error.alternatives.filter((one) => one.playable).map((one) => one.url)
  const detail =
    addresses.length > 0 ? fillLabel(labels.playable, { addresses: addresses.join(' ') }) : next
  return { title, detail }
}

function actionOf({ state, error, blocked }: Situation): PlayerAction | null {
  switch (state) {
    case 'failed':
      // Another attempt cannot change what the address or the browser is.
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
