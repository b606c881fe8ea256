import type { Clock } from '@ivh-kit/kernel'
import type { Logger } from '../logger'

/** Two measurements of one clock differ by less: a `Date` is in whole seconds, and was some time on the way. */
const sameMs = 60_000
/** A `Date` farther away than any plausible wrong clock or time zone is not believed. */
const farthestMs = 25 * 3_600_000

/** The server's time, as far as it is known. Meant for signatures and nothing else. */
export interface ServerTime {
  /** Milliseconds since the epoch. */
  now(): number
  /** The server's time when the local clock shows `localMs`; both in milliseconds since the epoch. */
  at(localMs: number): number
  /**
   * Learns from the `Date` of an answer that refused what was signed at `signedAt`, when they are more
   * than `toleratedMs` apart. True when a new signature may be taken.
   */
  learn(serverDate: number | undefined, signedAt: number, toleratedMs: number): boolean
}

/** Begins with the local clock, and corrects it when the service refuses what it signed. */
export function createServerTime(options: {
  readonly clock: Clock
  readonly logger: Logger
}): ServerTime {
  const { clock, logger } = options
  let offset = 0
  /** What was told of, so that many calls at once tell of it once. */
  let told = 0
  const tell = (found: number, log: (apart: string) => void) => {
    if (Math.abs(found - told) <= sameMs) return
    told = found
    log(`${Math.round(Math.abs(found) / 1_000)} s ${found > 0 ? 'behind' : 'ahead of'}`)
  }
  return {
    now: () => clock.now() + offset,
    at: (localMs) => localMs + offset,
    learn(serverDate, signedAt, toleratedMs) {
      if (serverDate === undefined || Math.abs(serverDate - signedAt) <= toleratedMs) return false
      const found = serverDate - clock.now()
      if (Math.abs(found) > farthestMs) {
        tell(found, (apart) =>
          logger.error(
            `The clock of this machine is ${apart} the server, too far to be corrected. Set the clock.`,
          ),
        )
        return false
      }
      offset = found
      tell(found, (apart) =>
        logger.warn(
          `The clock of this machine is ${apart} the server; signatures are corrected by that. Set the clock.`,
        ),
      )
      return true
    },
  }
}
