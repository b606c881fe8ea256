import { UserIdLock } from '../cleanup/user-id-lock'
import type { Session } from '../session/session'
import { SessionIndex } from './session-index'

/**
 * The state that clients of one account share (a client and those of its `withOptions`): none treats
 * another's session as an orphan, and none opens a session with a UserId that another is opening.
 */
export class Account {
  readonly userIds = new UserIdLock()
  readonly sessions = new SessionIndex<Session>()
}
