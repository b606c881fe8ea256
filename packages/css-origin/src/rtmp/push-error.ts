import { brandError, isBranded } from '@ivh-kit/kernel'
import type { RtmpStatus } from './command'
import type { PushUrl } from './push-url'

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

/** Error for a connection that failed before the push was accepted. */
export function unreachable(target: PushUrl, cause: Error | undefined): PushError {
  return new PushError(
    'PUSH_UNREACHABLE',
    `The push to ${target.printable} failed: ` +
      `${cause ? cause.message : 'the server closed the connection'}. Check the push domain, ` +
      `and that its TCP port ${target.port} is reachable.`,
    { host: hostOf(target), cause },
  )
}

export function timedOut(target: PushUrl, afterMs: number): PushError {
  return new PushError(
    'PUSH_TIMEOUT',
    `${target.printable} did not accept the push within ${afterMs} ms. ` +
      'Check that an RTMP server listens there.',
    { host: hostOf(target) },
  )
}

export function refused(target: PushUrl, status: RtmpStatus): PushError {
  return new PushError(
    'PUSH_REFUSED',
    `${target.printable} refused the push with ${status.code || 'no code'}: ` +
      `${describe(target, status) || 'no description'}. ${advice(status.code)}`,
    { netStreamCode: status.code, host: hostOf(target) },
  )
}

/** Returns the reason why an accepted push ended. */
export function lossReason(
  target: PushUrl,
  status: RtmpStatus | undefined,
  error: Error | undefined,
): string {
  if (error) return `the push connection broke: ${error.message}`
  if (status?.level !== 'error') return 'the push server closed the connection'
  return `the push server closed the connection with ${status.code}: ${describe(target, status)}`
}

/** Removes the signature, because servers may repeat the refused address. */
function describe(target: PushUrl, { description }: RtmpStatus): string {
  const secret = new URLSearchParams(target.publishName.split('?')[1]).get('txSecret')
  return secret ? description.replaceAll(secret, '[redacted]') : description
}

function hostOf({ host, port }: PushUrl): string {
  return `${host}:${port}`
}

function advice(code: string): string {
  switch (code) {
    case 'NetStream.Publish.BadName':
      return (
        'Sign the address again (right key, stream name and txTime), and check that no other ' +
        'publisher uses this stream name.'
      )
    case 'NetConnection.Connect.InvalidApp':
    case 'NetConnection.Connect.Rejected':
      return 'Check the application name: the first part of the path.'
    default:
      return 'See the log of the server for the reason.'
  }
}
