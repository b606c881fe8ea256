/** What kept a push from starting, or ended it. */
export type PushErrorCode =
  /** The address has not the shape `rtmp://host/app/stream`. */
  | 'PUSH_URL_INVALID'
  /** The host did not answer, or the connection broke before the push was accepted. */
  | 'PUSH_UNREACHABLE'
  /** The server did not accept the push in time. */
  | 'PUSH_TIMEOUT'
  /** The server refused; `netStreamCode` has its code. */
  | 'PUSH_REFUSED'

export interface PushErrorDetails {
  /** RTMP status code of the server, such as `NetStream.Publish.BadName`. */
  readonly netStreamCode?: string
  /** Host and port of the push domain. */
  readonly host?: string
  readonly cause?: unknown
}

const brand = Symbol.for('@ivh-kit/emulator-media.PushError')

/** A push that could not start. The message never has the address's signature. */
export class PushError extends Error {
  override readonly name = 'PushError'
  readonly netStreamCode: string | undefined
  readonly host: string | undefined

  constructor(
    readonly code: PushErrorCode,
    message: string,
    details: PushErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.netStreamCode = details.netStreamCode
    this.host = details.host
    Object.defineProperty(this, brand, { value: true })
  }

  /** Recognises push errors of every copy of this package in the process. */
  static is(error: unknown): error is PushError {
    return typeof error === 'object' && error !== null && brand in error
  }
}
