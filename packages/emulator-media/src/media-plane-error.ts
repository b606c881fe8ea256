import { brandError, isBranded } from '@ivh-kit/kernel'

/** The reason for a {@link MediaPlaneError}. */
export type MediaPlaneErrorCode =
  /** Neither the call nor the plane names a push address. */
  | 'NO_PUSH_URL'
  /** The plane is closed. */
  | 'MEDIA_PLANE_CLOSED'
  /** The avatar's pictures could not be made; `cause` has the reason. */
  | 'BANK_FAILED'

/** A human could not be put on the air, for a reason other than the push domain. */
export class MediaPlaneError extends Error {
  override readonly name = 'MediaPlaneError'
  readonly code: MediaPlaneErrorCode

  constructor(code: MediaPlaneErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    brandError(this, 'MediaPlaneError')
  }

  /** Recognises errors of every installed copy of this package. */
  static is(error: unknown): error is MediaPlaneError {
    return isBranded(error, 'MediaPlaneError')
  }
}
