import type * as Parts from './opening-parts'

/**
 * Loads what opens a session and drives it, with the first session of a process: it is half of the
 * package, and who imports that need not open anything.
 */
export function loadOpening(): Promise<typeof Parts> {
  return import('./opening-parts')
}
