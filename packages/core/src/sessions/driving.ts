import type * as Parts from './driving-parts'

/** What a session is driven with: its channel, and what goes over it. */
export type Driving = typeof Parts

/**
 * Loads it, with the first session of a process: it is a third of the package, and who imports that need
 * not drive anything. To be called before a session is created, so that a failure leaves none behind.
 */
export function loadDriving(): Promise<Driving> {
  return import('./driving-parts')
}
