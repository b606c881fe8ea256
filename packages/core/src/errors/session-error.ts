import { IvhError, type IvhErrorContext } from '@ivh-kit/kernel'

/**
 * The reason for an {@link IvhSessionError}:
 * - `creation-failed`: the service could not create the stream
 * - `closed`: the session is closed
 * - `client-closed`: the client is closing its sessions
 * - `outcome-unknown`: a create got no response and may still take effect; the search for its session goes on
 * - `already-opening`: another open with the same UserId is in progress
 * - `delivery-unknown`: the service may not have received the whole utterance; the session stays open
 * - `not-interruptible`: the service dropped the utterance, because the current one cannot be interrupted
 * - `queue-full`: too many utterances are pending
 * - `source-paused`: the source of the utterance paused too long, so the service ended it
 */
export type SessionFailure =
  | 'creation-failed'
  | 'closed'
  | 'client-closed'
  | 'outcome-unknown'
  | 'already-opening'
  | 'delivery-unknown'
  | 'not-interruptible'
  | 'queue-full'
  | 'source-paused'

/**
 * The packets of an utterance that were sent before a connection was lost and whose arrival is unknown.
 * Earlier packets were spoken, later packets were not sent.
 */
export interface UnconfirmedRange {
  /** The first and last `Seq`, both included. A complete text is packet 1. */
  readonly firstSeq: number
  readonly lastSeq: number
  /** The text of these packets; undefined for audio and for text that is too long to keep. */
  readonly text: string | undefined
}

/** A session could not be opened, was closed, or cannot report the outcome of an utterance. */
export class IvhSessionError extends IvhError {
  override readonly name = 'IvhSessionError'
  readonly kind = 'session'
  readonly reason: SessionFailure
  /** The vendor's code, when the service gave one. */
  readonly code: number | undefined
  /** The vendor's `CloseType`, when the session was closed. */
  readonly closeType: number | undefined
  /** The packets whose delivery is unknown; only with `delivery-unknown`. */
  readonly uncertain: UnconfirmedRange | undefined

  constructor(
    reason: SessionFailure,
    what: string,
    context: IvhErrorContext & {
      code?: number | undefined
      closeType?: number | undefined
      uncertain?: UnconfirmedRange | undefined
    } = {},
  ) {
    super('IvhSessionError', what, context)
    this.reason = reason
    this.code = context.code
    this.closeType = context.closeType
    this.uncertain = context.uncertain
  }
}
