import type { Clock } from '@ivh-kit/kernel'
import type { Logger } from '../logging/logger'

/**
 * Maximum difference between two measurements of one offset, in milliseconds: `Date` has whole seconds, and
 * responses take time.
 */
const sameMs = 60_000
/** Maximum offset that is a plausible clock or time-zone error, in milliseconds. */
const farthestMs = 25 * 3_600_000

/** Creates the server's time for signatures: the local clock plus an offset, which it learns from refusals. */
export function createServerTime({
  clock,
  logger,
}: {
  readonly clock: Clock
  readonly logger: Logger
}) {
  let offset = 0
  /** Last offset logged; concurrent calls log it only once. */
  let loggedOffset = 0
  const logOnce = (found: number, log: (apart: string) => void) => {
    if (Math.abs(found - loggedOffset) <= sameMs) return
    loggedOffset = found
    log(`${Math.round(Math.abs(found) / 1_000)} s ${found > 0 ? 'behind' : 'ahead of'}`)
  }
  return {
    /** Milliseconds since the epoch. */
    now: () => clock.now() + offset,
    /** The server's time when the local clock shows `localMs`; both in milliseconds since the epoch. */
    at: (localMs: number) => localMs + offset,
    /**
     * Learns the offset from the `Date` of a refusal. Returns true when `Date` and `signedAt` differ by more
     * than `toleratedMs`, so that a new signature may be accepted.
     */
    learn(serverDate: number | undefined, signedAt: number, toleratedMs: number): boolean {
      if (serverDate === undefined || Math.abs(serverDate - signedAt) <= toleratedMs) return false
      const found = serverDate - clock.now()
      if (Math.abs(found) > farthestMs) {
        logOnce(found, (apart) =>
          logger.error(
            `The clock of this machine is ${apart} the server, too much for a correction. Set the clock.`,
          ),
        )
        return false
      }
      offset = found
      logOnce(found, (apart) =>
        logger.warn(
          `The clock of this machine is ${apart} the server. Signatures use the corrected time. Set the clock.`,
        ),
      )
      return true
    },
  }
}
