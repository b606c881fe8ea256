import type { Clock } from '@ivh-kit/kernel'

/** Adds the `Date` of the emulator's clock, with which clients correct theirs. Keeps an existing `Date`. */
export function dated(response: Response, clock: Clock, skewMs = 0): Response {
  if (!response.headers.has('date')) {
    response.headers.set('date', new Date(clock.now() + skewMs).toUTCString())
  }
  return response
}
