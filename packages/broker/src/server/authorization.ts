import { isResponse } from '../http/is-response'
import { refuse } from '../http/refusals'
import type { Authorization, Logger } from '../options'

/** Reads the result of `authorize`. Returns the refusal, or undefined to allow. */
export function readAuthorization(result: Authorization, logger: Logger): Response | undefined {
  if (result === undefined || result === true) return undefined
  if (isResponse(result)) return result
  if (result !== false) {
    logger.error(
      `authorize returned ${describe(result)}, so the request was refused. Return a Response or false to refuse, true or nothing to allow.`,
    )
  }
  return refuse(403, 'forbidden', 'You may not open a session.')
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value)
}
