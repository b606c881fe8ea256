import type { ConcurrencyLimit } from '../../async/concurrency-limit'
import type { Caller } from '../../calls/call'
import type { ResolvedOptions } from '../../options/resolve-options'
import type { SessionRegistry } from '../registry/session-registry'
import type { ExplainExhausted } from '../waiting/active-sessions'
import type { QuotaQueue } from '../waiting/quota-queue'

/** The state that all opens and resumes of a client share, and the signal of one of them. */
export interface OpeningContext {
  /** Fires when the open or resume is abandoned, by its caller or by the client. */
  readonly signal: AbortSignal
  readonly options: ResolvedOptions
  readonly call: Caller
  readonly registry: SessionRegistry
  readonly quota: QuotaQueue
  readonly explainExhausted: ExplainExhausted
  /** Limits the polls of sessions that are being prepared. */
  readonly polls: ConcurrencyLimit
}
