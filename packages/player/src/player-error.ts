/**
 * Why playback failed or has to be tried again.
 *
 * - `not-live`: the address is right, nobody is publishing (HTTP 404, or the server closed the stream).
 * - `network`: the server could not be reached, or the connection broke or dried up.
 * - `auth`: the server refused the address (HTTP 401/403 and other 4xx).
 * - `signaling`: no address could be had: `urlProvider` threw or did not answer.
 * - `decode`: the stream arrived damaged.
 * - `codec`: this browser has no decoder for the stream.
 * - `unsupported`: this address is not of a kind that the player plays.
 * - `kicked`: the service ended this viewer's session (engines with a session only).
 */
export type PlayerErrorReason =
  | 'not-live'
  | 'network'
  | 'auth'
  | 'signaling'
  | 'decode'
  | 'codec'
  | 'unsupported'
  | 'kicked'

/** Another address of the same stream, with its secrets hidden. */
export interface AlternativeAddress {
  /** Protocol in words, for example `HTTP-FLV`. */
  label: string
  /** The address; values such as txSecret are replaced by `***`. */
  url: string
  /** Whether this version of the player plays it. */
  playable: boolean
}

/** What {@link PlayerError} is made of. */
export interface PlayerErrorOptions {
  reason: PlayerErrorReason
  /** One sentence for developers: what happened and what to do. Must not contain a secret. */
  message: string
  /** HTTP status of the refusing answer, if there was one. */
  status?: number
  /** Other addresses of the same stream. */
  alternatives?: readonly AlternativeAddress[]
  cause?: unknown
}

const MEDIA_ERROR_CODES: Record<PlayerErrorReason, 2 | 3 | 4> = {
  'not-live': 2,
  network: 2,
  auth: 2,
  signaling: 2,
  kicked: 2,
  decode: 3,
  codec: 4,
  unsupported: 4,
}

/**
 * What `player.error` holds in the state `failed`: a `MediaError` (numeric `code`, `message`)
 * that also is an `Error` and carries a `reason` to switch on.
 */
export class PlayerError extends Error implements MediaError {
  readonly MEDIA_ERR_ABORTED = 1
  readonly MEDIA_ERR_NETWORK = 2
  readonly MEDIA_ERR_DECODE = 3
  readonly MEDIA_ERR_SRC_NOT_SUPPORTED = 4

  override readonly name = 'PlayerError'
  /** The `MediaError` code that fits the reason best: 2 network, 3 decode, 4 not supported. */
  readonly code: number
  readonly reason: PlayerErrorReason
  readonly status: number | undefined
  readonly alternatives: readonly AlternativeAddress[]

  constructor({ reason, message, status, alternatives = [], cause }: PlayerErrorOptions) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = MEDIA_ERROR_CODES[reason]
    this.reason = reason
    this.status = status
    this.alternatives = alternatives
  }
}
