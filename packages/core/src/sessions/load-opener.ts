import type * as Opener from './session-opener'

/**
 * Loads what opens a session and drives it, with the first session of a process: it is half of the
 * package, and who imports that need not open anything.
 */
export function loadOpener(): Promise<typeof Opener> {
  return import('./session-opener')
}
