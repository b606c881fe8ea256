import type { Clock } from '@ivh-kit/kernel'
import type { ConcurrencyLimit } from '../../async/concurrency-limit'
import type { Caller } from '../../calls/call'
import type { Observation } from '../../plugins/observation'
import type { RegistryOptions, SessionRegistry } from '../registry/session-registry'
import type { ActiveSessions } from '../waiting/active-sessions'
import type { ResolvedPolling } from '../waiting/polling-options'
import type { QuotaQueue } from '../waiting/quota-queue'
import type { DraftOptions } from './complete-draft'

/** The client options that opening a session needs. */
export interface OpeningOptions extends RegistryOptions, DraftOptions {
  /** Monotonic clock. */
  readonly steady: Clock
  readonly observation: Observation
  readonly polling: ResolvedPolling
}

/** The state that all opens and resumes of a client share. */
export interface OpeningContext {
  readonly options: OpeningOptions
  readonly call: Caller
  readonly registry: SessionRegistry
  readonly quota: QuotaQueue
  readonly activeSessions: ActiveSessions
  /** Limits the polls of sessions that are being prepared. */
  readonly polls: ConcurrencyLimit
}
