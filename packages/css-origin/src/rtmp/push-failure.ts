import type { RtmpStatus } from './command'
import { PushError } from './push-error'
import type { PushUrl } from './push-url'

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
