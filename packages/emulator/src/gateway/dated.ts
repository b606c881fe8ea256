import type { Clock } from '../clock'

/** Gives an answer the `Date` of the emulator's clock, by which clients correct theirs; one that it has stays. */
export function dated(response: Response, clock: Clock, skewMs = 0): Response {
  if (!response.headers.has('date')) {
    response.headers.set('date', new Date(clock.now() + skewMs).toUTCString())
  }
  return response
}
