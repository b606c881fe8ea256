import type { PlayerErrorReason } from '../player-error'

/** The facts that decide about a retry. */
export interface ReconnectContext {
  reason: PlayerErrorReason
  /** Attempts already made in a row; 0 at the first loss. */
  attempt: number
  /** Maximum number of attempts in a row; `Infinity` for no limit. */
  limit: number
  /** True when the next attempt uses a new address, because a `urlProvider` is set. */
  freshAddress: boolean
  /** A number from 0 to 1. */
  random: number
}

/** Retry after `delay` milliseconds, or give up. */
export type ReconnectDecision = { retry: true; delay: number } | { retry: false }

const backoffSeconds = [1, 2, 4, 8, 10] as const
/**
 * Maximum number of attempts after a damaged stream or a refused address: both problems rarely disappear by
 * themselves.
 */
const doubtfulAttempts = 3

/**
 * Decides whether and when to retry: after 1, 2, 4, 8, then every 10 seconds. Each delay varies by
 * 20 %, so that many viewers do not reconnect at the same moment.
 */
export function decideReconnect(context: ReconnectContext): ReconnectDecision {
  if (context.attempt >= attemptLimit(context)) return { retry: false }
  const step = Math.min(context.attempt, backoffSeconds.length - 1)
  const seconds = backoffSeconds[step] ?? 10
  return { retry: true, delay: Math.round(seconds * 1000 * (0.8 + 0.4 * context.random)) }
}

function attemptLimit({ reason, limit, freshAddress }: ReconnectContext): number {
  switch (reason) {
    case 'not-live':
    case 'network':
    case 'connection-limit':
    case 'signaling':
      return limit
    case 'decode':
      return Math.min(limit, doubtfulAttempts)
    case 'auth':
      return freshAddress ? Math.min(limit, doubtfulAttempts) : 0
    case 'codec':
    case 'unsupported':
    case 'kicked':
      return 0
  }
}

/** Parses the `reconnect` attribute: a whole number from 0, or `infinite` (the default). */
export function parseReconnect(value: string | null): number {
  const attempts = Number(value?.trim() || Number.NaN)
  return Number.isInteger(attempts) && attempts >= 0 ? attempts : Number.POSITIVE_INFINITY
}
