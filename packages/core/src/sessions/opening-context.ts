import type { ConcurrencyLimit } from '../async/concurrency-limit'
import type { Caller } from '../calls/call'
import type { ResolvedOptions } from '../client/options'
import type { ResolvedChannel } from './channel-options'
import type { Discards } from './discards'
import type { IvhSession, OpenedSession } from './session'
import type { UserIdGate } from './user-id-gate'
import type { SlotHolders } from './waiting/active-sessions'
import type { QuotaQueue } from './waiting/quota-queue'

/** What openings need of who holds the sessions, and of what remembers those that nobody holds. */
export interface HoldingContext {
  readonly options: ResolvedOptions
  readonly call: Caller
  readonly userIds: UserIdGate
  readonly discards: Discards
  /** Bounds how many closes go out at once. */
  readonly closes: ConcurrencyLimit
  /** Makes a session that is not held yet. */
  readonly make: (parts: OpenedSession, onClosed: () => void) => IvhSession
  /** Lists a session as open, and opens its channel when that is asked for. */
  readonly hold: (session: IvhSession, channel: ResolvedChannel) => void
  readonly isHeld: (sessionId: string) => boolean
  /** Ends the earlier sessions with this UserId or this id: the service has closed them for the one just created. */
  readonly replaced: (userId: string, sessionId: string) => void
  /** Waits for a close of this session that is under way, and lets go of one that has failed to close. */
  readonly reclaim: (sessionId: string, signal: AbortSignal) => Promise<() => void>
}

/** What all openings of a client share. */
export interface OpeningContext extends Omit<HoldingContext, 'make'> {
  /** Limits the polls of sessions that are being prepared. */
  readonly polls: ConcurrencyLimit
  readonly quota: QuotaQueue
  readonly slotHolders: SlotHolders
  /** Makes a session that is not held yet. */
  readonly make: (parts: Omit<OpenedSession, 'drive'>) => IvhSession
}
