import { HeldSessions } from './held-sessions'
import { UserIdGate } from './user-id-gate'

/**
 * What the clients of one account that stem from each other share: a session that one of them holds is
 * nobody's orphan, and two opens with one UserId harm each other whichever client they come from.
 */
export class Account {
  readonly userIds = new UserIdGate()
  readonly held = new HeldSessions()
}
