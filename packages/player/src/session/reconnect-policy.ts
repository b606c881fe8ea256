import type { PlayerErrorReason } from '../player-error'

/** What the policy looks at. */
export interface ReconnectContext {
  reason: PlayerErrorReason
  /** Attempts already made in a row; 0 on the first loss. */
  attempt: number
  /** Most attempts in a row, `Infinity` for no limit. */
  limit: number
  /** Whether the next attempt will use a new address (a `urlProvider` is set). */
  freshAddress: boolean
  /** A number from 0 to 1. */
  random: number
}

/** Try again after `delay` milliseconds, or not at all. */
export type ReconnectDecision = { retry: true; delay: number } | { retry: false }

const BACKOFF_SECONDS = [1, 2, 4, 8, 10] as const
/** Damage and refusals seldom cure themselves: a few attempts, then say so. */
const DOUBTFUL_ATTEMPTS = 3

/**
 * Whether and when to try again: after 1, 2, 4, 8, then every 10 seconds, each 20 % more or less,
 * so that a thousand viewers do not come back in the same moment.
 */
export function decideReconnect(context: ReconnectContext): ReconnectDecision {
  if (context.attempt >= attemptLimit(context)) return { retry: false }
  const step = Math.min(context.attempt, BACKOFF_SECONDS.length - 1)
  const seconds = BACKOFF_SECONDS[step] ?? 10
  return { retry: true, delay: Math.round(seconds * 1000 * (0.8 + 0.4 * context.random)) }
}

function attemptLimit({ reason, limit, freshAddress }: ReconnectContext): number {
  switch (reason) {
    case 'not-live':
    case 'network':
    case 'signaling':
      return limit
    case 'decode':
      return Math.min(limit, DOUBTFUL_ATTEMPTS)
    case 'auth':
      return freshAddress ? Math.min(limit, DOUBTFUL_ATTEMPTS) : 0
    case 'codec':
    case 'unsupported':
    case 'kicked':
      return 0
  }
}

/** Reads the `reconnect` attribute: a whole number from 0, or `infinite` (the default). */
export function parseReconnect(value: string | null): number {
  const attempts = Number(value?.trim() || Number.NaN)
  return Number.isInteger(attempts) && attempts >= 0 ? attempts : Number.POSITIVE_INFINITY
}
