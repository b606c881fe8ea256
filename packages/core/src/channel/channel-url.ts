import { signedQuery } from '../signing/sign-query'

/**
 * Returns the signed address of a session's command channel. The SessionId is signed as `requestid`
 * (1240/100396). The result holds a signature: never log it.
 */
export function channelUrl(options: {
  readonly origin: string
  readonly basePath: string
  readonly path: string
  readonly appKey: string
  readonly accessToken: string
  readonly sessionId: string
  /** Additional parameters, which are signed as well. */
  readonly query?: Readonly<Record<string, string>>
  /** Server time, in milliseconds since the epoch. */
  readonly now: number
}): string {
  const query = signedQuery(
    {
      ...options.query,
      appkey: options.appKey,
      requestid: options.sessionId,
      timestamp: String(Math.floor(options.now / 1000)),
    },
    options.accessToken,
  )
  const origin = options.origin.replace(/^http/, 'ws')
  return `${origin}${options.basePath}${options.path}?${query}`
}
