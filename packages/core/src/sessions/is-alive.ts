import { sessionStatus } from '../protocol/plain'

/** Whether a session with this status occupies concurrency. */
export function isAlive(status: number): boolean {
  return status !== sessionStatus.closed && status !== sessionStatus.failed
}
