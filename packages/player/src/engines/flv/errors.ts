import { PlayerError } from '../../player-error'

/** `NotSupportedError`, what `addSourceBuffer` throws for a codec the browser lacks. */
const NOT_SUPPORTED = 9

/** What an HTTP status means for a live stream, or nothing for a good one. */
export function errorOfStatus(status: number): PlayerError | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status === 404)
    return new PlayerError({
      reason: 'not-live',
      status,
      message:
        'The server answered 404: nobody is publishing this stream yet. If it should be live, check the app and stream name in the address.',
    })
  if (status >= 400 && status < 500 && status !== 408 && status !== 429)
    return new PlayerError({
      reason: 'auth',
      status,
      message: `The server refused the address (HTTP ${status}). Check that txTime is in the future, that txSecret was made with the play key (not the push key), and the domain's referer and IP rules.`,
    })
  return new PlayerError({
    reason: 'network',
    status,
    message: `The server answered HTTP ${status}.`,
  })
}

/**
 * What an error of mpegts.js means.
 *
 * @param detail its second argument, such as `MediaMSEError` or `CodecUnsupported`.
 * @param info its third argument.
 */
export function errorOfMpegts(detail: string, info: { code?: number; msg?: string }): PlayerError {
  switch (detail) {
    case 'CodecUnsupported':
      return codecError(info.msg)
    case 'MediaMSEError':
      return info.code === NOT_SUPPORTED ? codecError(info.msg) : damaged(info.msg)
    case 'FormatUnsupported':
      return new PlayerError({
        reason: 'unsupported',
        message:
          'The server answered, but not with an FLV stream. Open the address to see what it returns; a login or error page is the usual finding.',
      })
    case 'FormatError':
      return damaged(info.msg)
    default:
      return new PlayerError({
        reason: 'network',
        message: `The connection broke (${detail}).`,
      })
  }
}

/** The error for a server that cannot be reached; browsers do not tell scripts why. */
export function unreachable(cause: unknown): PlayerError {
  return new PlayerError({
    reason: 'network',
    cause,
    message:
      "The server could not be reached. Check the host name, its certificate, the page's Content-Security-Policy (connect-src), and that the answer carries Access-Control-Allow-Origin.",
  })
}

/** The error for a connection that broke in the middle. */
export function interrupted(cause: unknown): PlayerError {
  return new PlayerError({ reason: 'network', cause, message: 'The connection broke.' })
}

/** The server closed the stream in good order: the publisher has left. */
export function streamClosed(): PlayerError {
  return new PlayerError({
    reason: 'not-live',
    message: 'The server closed the stream: the publisher has left.',
  })
}

/** The error for a browser without Media Source Extensions. */
export function mediaSourceMissing(): PlayerError {
  return new PlayerError({
    reason: 'unsupported',
    message:
      'This browser cannot play HTTP-FLV: it has no Media Source Extensions with H.264. On an iPhone that takes iOS 17.1 or newer.',
  })
}

function codecError(detail: string | undefined): PlayerError {
  return new PlayerError({
    reason: 'codec',
    message: `This browser cannot decode the stream${detail ? ` (${detail})` : ''}. H.264 video with AAC sound plays everywhere.`,
  })
}

function damaged(detail: string | undefined): PlayerError {
  return new PlayerError({
    reason: 'decode',
    message: `The stream is damaged${detail ? ` (${detail})` : ''}.`,
  })
}
