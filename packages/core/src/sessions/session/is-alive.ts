import { sessionStatus } from '../../protocol/plain'

/** True when a session with this status uses concurrency. */
export function isAlive(status: number): boolean {
  return status !== sessionStatus.closed && status !== sessionStatus.failed
}
