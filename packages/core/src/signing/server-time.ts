import type { Clock } from '../clock'
import type { Logger } from '../logger'

/** The service takes timestamps within 5 minutes of its own (1211/62053); some of that is spent on the way. */
const toleratedMs = 4 * 60_000
/** A `Date` farther away than any plausible wrong clock or time zone is not believed. */
const farthestMs = 25 * 3_600_000

/** The server's time, as far as it is known. Meant for signatures and nothing else. */
export interface ServerTime {
  /** Milliseconds since the epoch. */
  now(): number
  /** The server's time when the local clock shows `localMs`; both in milliseconds since the epoch. */
  at(localMs: number): number
  /**
   * Learns from the `Date` of an answer that refused what was signed at `signedAt`. True when the
   * signature was stale and a new one may be taken.
   */
  learn(serverDate: number | undefined, signedAt: number): boolean
}

/** Begins with the local clock, and corrects it when the service refuses what it signed. */
export function createServerTime(options: {
  readonly clock: Clock
  readonly logger: Logger
}): ServerTime {
  const { clock, logger } = options
  let offset = 0
  return {
    now: () => clock.now() + offset,
    at: (localMs) => localMs + offset,
    learn(serverDate, signedAt) {
      if (serverDate === undefined || Math.abs(serverDate - signedAt) <= toleratedMs) return false
      const found = serverDate - clock.now()
      const apart = `${Math.round(Math.abs(found) / 1_000)} s ${found > 0 ? 'behind' : 'ahead of'}`
      if (Math.abs(found) > farthestMs) {
        logger.error(
          `The clock of this machine is ${apart} the server’s, too far to be corrected. Set the clock.`,
        )
        return false
      }
      offset = found
      logger.warn(
        `The clock of this machine is ${apart} the server’s; signatures are corrected by that. Set the clock.`,
      )
      return true
    },
  }
}
