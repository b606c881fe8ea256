import { brandError } from '@ivh-kit/kernel'

/**
 * The reason for a failure or a retry.
 *
 * - `not-live`: the address is right, and the stream is not live (HTTP 404, or the server closed it).
 * - `network`: the server is unreachable, or the connection broke or carries no data.
 * - `connection-limit`: the browser holds the request back, because six streams of the host are open.
 * - `auth`: the server refused the address (HTTP 401, 403 and other 4xx).
 * - `signaling`: `urlProvider` threw, rejected or did not answer in time.
 * - `decode`: the stream is damaged.
 * - `codec`: this browser has no decoder for the stream.
 * - `unsupported`: no engine plays this kind of address.
 * - `kicked`: the service ended this viewer's session (engines with a session only).
 */
export type PlayerErrorReason =
  | 'not-live'
  | 'network'
  | 'connection-limit'
  | 'auth'
  | 'signaling'
  | 'decode'
  | 'codec'
  | 'unsupported'
  | 'kicked'

/** Another address of the same stream, with its secrets hidden. */
export interface AlternativeAddress {
  /** Name of the protocol, for example `HTTP-FLV`. */
  label: string
  /** The address. Secret values such as txSecret are replaced by `***`. */
  url: string
  /** True when this version of the player plays it. */
  playable: boolean
}

export interface PlayerErrorOptions {
  reason: PlayerErrorReason
  /** For developers: what happened and what to do. Must not contain a secret. */
  message: string
  /** HTTP status of the response, if the server answered. */
  status?: number
  /** Other addresses of the same stream. */
  alternatives?: readonly AlternativeAddress[]
  cause?: unknown
}

const mediaErrorCodes: Record<PlayerErrorReason, 2 | 3 | 4> = {
  'not-live': 2,
  network: 2,
  'connection-limit': 2,
  auth: 2,
  signaling: 2,
  kicked: 2,
  decode: 3,
  codec: 4,
  unsupported: 4,
}

/**
 * The error of a player in the state `failed`. It is a `MediaError` (numeric `code`, `message`), an
 * `Error`, and has a `reason`.
 */
export class PlayerError extends Error implements MediaError {
  readonly MEDIA_ERR_ABORTED = 1
  readonly MEDIA_ERR_NETWORK = 2
  readonly MEDIA_ERR_DECODE = 3
  readonly MEDIA_ERR_SRC_NOT_SUPPORTED = 4

  override readonly name = 'PlayerError'
  /** The `MediaError` code closest to the reason: 2 network, 3 decode, 4 not supported. */
  readonly code: number
  readonly reason: PlayerErrorReason
  readonly status: number | undefined
  readonly alternatives: readonly AlternativeAddress[]

  constructor({ reason, message, status, alternatives = [], cause }: PlayerErrorOptions) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = mediaErrorCodes[reason]
    this.reason = reason
    this.status = status
    this.alternatives = alternatives
    brandError(this, 'PlayerError')
  }
}
