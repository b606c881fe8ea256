import { PlayerError } from '../player-error'

/** The error for the HTTP status of a live stream; undefined for a success. */
export function httpStatusError(status: number): PlayerError | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status === 404) {
    return new PlayerError({
      reason: 'not-live',
      status,
      message:
        'The server answered HTTP 404: the stream is not live yet. If it should be live, check the app name and the stream name in the address.',
    })
  }
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    return new PlayerError({
      reason: 'auth',
      status,
      message: `The server refused the address (HTTP ${status}). Check that txTime is in the future, that txSecret was made with the play key (not the push key), and the domain's referer and IP rules.`,
    })
  }
  return new PlayerError({
    reason: 'network',
    status,
    message: `The server answered HTTP ${status}.`,
  })
}

/** The error for a server that cannot be reached. Browsers hide the reason from scripts. */
export function serverUnreachable(cause: unknown): PlayerError {
  return new PlayerError({
    reason: 'network',
    cause,
    message:
      "The server could not be reached. Check the host name, its certificate, the page's Content-Security-Policy (connect-src), and that the response carries Access-Control-Allow-Origin.",
  })
}

/** The error for a request that the browser holds back, or that the server does not answer. */
export function notAnswered({ hostIsFull }: { hostIsFull: boolean }): PlayerError {
  return hostIsFull
    ? new PlayerError({
        reason: 'connection-limit',
        message:
          'The request waits in the browser: six streams of this host are open, and browsers open at most six connections to one host over HTTP/1.1. Serve the streams over HTTP/2, use a second host name, or close a player.',
      })
    : new PlayerError({
        reason: 'network',
        message:
          'The server did not answer the request. Either it is too slow, or the browser holds the request back: over HTTP/1.1 it opens at most six connections to one host, in all tabs together.',
      })
}

/** The error for a connection that broke in the middle. */
export function connectionBroken(cause: unknown): PlayerError {
  return new PlayerError({ reason: 'network', cause, message: 'The connection broke.' })
}

/** The error for a stream that the server closed properly. */
export function streamClosed(): PlayerError {
  return new PlayerError({
    reason: 'not-live',
    message: 'The server closed the stream: the publisher has left.',
  })
}
