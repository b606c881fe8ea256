/** Why a media plane could not open a human, apart from what a push domain says. */
export type MediaPlaneErrorCode =
  /** Neither the call nor the plane says where to publish. */
  | 'NO_PUSH_URL'
  /** The plane has been closed. */
  | 'MEDIA_PLANE_CLOSED'
  /** The avatar's pictures could not be made; `cause` says why. */
  | 'BANK_FAILED'

const brand = Symbol.for('@ivh-kit/emulator-media.MediaPlaneError')

/** A human that could not be put on the air, for a reason on our side. */
export class MediaPlaneError extends Error {
  override readonly name = 'MediaPlaneError'

  constructor(
    readonly code: MediaPlaneErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    Object.defineProperty(this, brand, { value: true })
  }

  /** Recognises errors of every copy of this package in the process. */
  static is(error: unknown): error is MediaPlaneError {
    return typeof error === 'object' && error !== null && brand in error
  }
}
