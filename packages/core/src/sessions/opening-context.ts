import type { Caller } from '../client/call'
import type { ResolvedOptions } from '../client/options'
import type { ResolvedChannel } from './channel-options'
import type { Discards } from './discards'
import type { QuotaQueue } from './quota-queue'
import type { ReadinessPoller } from './readiness-poller'
import type { IvhSession, SessionParts } from './session'
import type { SlotHolders } from './slot-holders'
import type { UserIdGate } from './user-id-gate'

/** What all openings of a client share. */
export interface OpeningContext {
  readonly options: ResolvedOptions
  readonly call: Caller
  readonly userIds: UserIdGate
  readonly discards: Discards
  readonly poller: ReadinessPoller
  readonly quota: QuotaQueue
  readonly slotHolders: SlotHolders
  /** Makes a session that is not held yet. */
  readonly make: (parts: Omit<SessionParts, 'onClosed'>) => IvhSession
  /** Lists a session as open, and opens its channel when that is asked for. */
  readonly hold: (session: IvhSession, channel: ResolvedChannel) => void
  readonly isHeld: (sessionId: string) => boolean
}
