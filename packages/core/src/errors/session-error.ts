import { IvhError, type IvhErrorContext } from './ivh-error'

/**
 * Why a session did not become, or did not stay, usable. `already-opening`: another open with the same
 * UserId is under way, and the service would close the first for the second.
 */
export type SessionFailure = 'creation-failed' | 'closed' | 'client-closed' | 'already-opening'

/** A session failed to open, or was closed while it was being opened. */
export class IvhSessionError extends IvhError {
  override readonly name = 'IvhSessionError'
  readonly kind = 'session'
  readonly reason: SessionFailure
  /** The vendor's code for the failure, when it gave one. */
  readonly code: number | undefined
  /** The vendor's `CloseType`, when the session was closed. */
  readonly closeType: number | undefined

  constructor(
    reason: SessionFailure,
    what: string,
    context: IvhErrorContext & { code?: number | undefined; closeType?: number | undefined } = {},
  ) {
    super(what, context)
    this.reason = reason
    this.code = context.code
    this.closeType = context.closeType
  }
}
