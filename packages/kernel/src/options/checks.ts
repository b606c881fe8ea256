import { IvhConfigError } from '../errors/config-error'

/** Maximum delay of a JavaScript timer, in milliseconds. A longer delay fires at once. */
export const longestDelayMs = 2 ** 31 - 1

/**
 * Checks a duration option in milliseconds and returns it.
 *
 * @throws IvhConfigError unless it is a number above 0 and at most {@link longestDelayMs}.
 */
export function checkDuration(option: string, milliseconds: unknown): number {
  const valid =
    typeof milliseconds === 'number' && milliseconds > 0 && milliseconds <= longestDelayMs
  if (valid) return milliseconds
  throw new IvhConfigError(`${option} is ${shown(milliseconds)}`, {
    option,
    hint: `Give milliseconds, more than 0 and at most ${longestDelayMs}.`,
  })
}

/**
 * Checks a whole-number option and returns it.
 *
 * @throws IvhConfigError unless it is a safe integer of at least `least`.
 */
export function checkWholeNumber(option: string, value: unknown, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value
  throw new IvhConfigError(`${option} is ${shown(value)}`, {
    option,
    hint: `Give a whole number, at least ${least}.`,
  })
}

/**
 * Checks a `signal` option.
 *
 * @throws IvhConfigError unless it is an AbortSignal, undefined or null.
 */
export function checkSignal(signal: AbortSignal | null | undefined): void {
  if (signal === undefined || signal === null) return
  // Check the shape: a test environment such as jsdom has an AbortSignal of its own.
  if (typeof signal.aborted === 'boolean' && typeof signal.addEventListener === 'function') return
  throw new IvhConfigError('`signal` must be an AbortSignal', {
    option: 'signal',
    hint: 'Give the `signal` of an AbortController, or AbortSignal.timeout(milliseconds).',
  })
}

/** Describes a value in a message: a number by its value, any other value by its type. */
function shown(value: unknown): string {
  return typeof value === 'number'
    ? String(value)
    : `of type ${value === null ? 'null' : typeof value}`
}
