import { brandError, isBranded } from '@ivh-kit/kernel'

/** The reason for a {@link PushError}. */
export type PushErrorCode =
  /** The address does not have the form `rtmp://host/app/stream`. */
  | 'PUSH_URL_INVALID'
  /** The host is unreachable, or the connection broke before the push was accepted. */
  | 'PUSH_UNREACHABLE'
  /** The server did not accept the push before the timeout. */
  | 'PUSH_TIMEOUT'
  /** The server refused the push; `netStreamCode` has its code. */
  | 'PUSH_REFUSED'

/** Facts about a {@link PushError}. */
export interface PushErrorDetails {
  /** RTMP status code from the server, such as `NetStream.Publish.BadName`. */
  readonly netStreamCode?: string
  /** Host and port of the push domain. */
  readonly host?: string
  readonly cause?: unknown
}

/** A push could not start. The message never contains the signature of the address. */
export class PushError extends Error {
  readonly code: PushErrorCode
  override readonly name = 'PushError'
  readonly netStreamCode: string | undefined
  readonly host: string | undefined

  constructor(code: PushErrorCode, message: string, details: PushErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause })
    this.code = code
    this.netStreamCode = details.netStreamCode
    this.host = details.host
    brandError(this, 'PushError')
  }

  /** Recognises errors of every installed copy of this package. */
  static is(error: unknown): error is PushError {
    return isBranded(error, 'PushError')
  }
}
