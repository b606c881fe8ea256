import { IvhConfigError } from './errors'

/** The longest delay that timers of JavaScript take; a longer one fires at once. */
export const longestDelayMs = 2 ** 31 - 1

/**
 * Checks an option that is a length of time.
 *
 * @throws IvhConfigError unless it is above 0 and no longer than a timer can be.
 */
export function checkDuration(option: string, milliseconds: number): number {
  // A text of digits compares like a number, and adds up like a text.
  const isNumber = typeof milliseconds === 'number'
  if (isNumber && milliseconds > 0 && milliseconds <= longestDelayMs) return milliseconds
  throw new IvhConfigError(
    `${option} is ${isNumber ? milliseconds : `a(n) ${typeof milliseconds}`}`,
    {
      next: `Give milliseconds, more than 0 and at most ${longestDelayMs}.`,
    },
  )
}
