import { IvhError, type IvhErrorContext } from '@ivh-kit/kernel'

/**
 * Why a session did not become, or did not stay, usable. `already-opening`: another open with the same
 * UserId is under way, and the service would close the first for the second. `delivery-unknown`: the
 * session goes on, but of one utterance nobody knows whether all of it was heard. `not-interruptible`: the
 * service dropped an utterance, because what it is speaking must not be interrupted. `source-paused`: the
 * source of an utterance gave nothing for so long that the service ended the utterance.
 */
export type SessionFailure =
  | 'creation-failed'
  | 'closed'
  | 'client-closed'
  | 'already-opening'
  | 'delivery-unknown'
  | 'not-interruptible'
  | 'source-paused'

/**
 * The part of an utterance that was sent when the connection was lost, and of which the service does not
 * tell whether it has it. What came before it was heard; what comes after it was never sent.
 */
export interface UnconfirmedRange {
  /** The packets by their `Seq`, both included; a whole text is packet 1. */
  readonly firstSeq: number
  readonly lastSeq: number
  /** What these packets say; undefined for audio, and when there was more than is remembered. */
  readonly text: string | undefined
}

/** A session failed to open, was closed meanwhile, or cannot tell what became of an utterance. */
export class IvhSessionError extends IvhError {
  override readonly name = 'IvhSessionError'
  readonly kind = 'session'
  readonly reason: SessionFailure
  /** The vendor's code for the failure, when it gave one. */
  readonly code: number | undefined
  /** The vendor's `CloseType`, when the session was closed. */
  readonly closeType: number | undefined
  /** With `delivery-unknown`: what may or may not have been heard. */
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
