import { rememberSecret } from '@ivh-kit/kernel'

/**
 * Returns the text to sign: every query parameter except `signature`, sorted by name (code-unit order) and
 * joined as `k=v&k=v`. Method, path and body are not signed (1211/62053, 1240/107197).
 */
export function stringToSign(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters)
    .filter((name) => name !== 'signature')
    .sort()
    .map((name) => `${name}=${parameters[name]}`)
    .join('&')
}

/** Signs query parameters: HMAC-SHA256 with the access token as UTF-8 text, in base64 with padding. */
export function sign(parameters: Readonly<Record<string, string>>, accessToken: string): string {
  return process
    .getBuiltinModule('node:crypto')
    .createHmac('sha256', accessToken)
    .update(stringToSign(parameters))
    .digest('base64')
}

/** Returns the signed query, percent-encoded, without a leading `?`. */
export function signedQuery(
  parameters: Readonly<Record<string, string>>,
  accessToken: string,
): string {
  const value = sign(parameters, accessToken)
  rememberSecret(accessToken)
  rememberSecret(value)
  const signature = encodeURIComponent(value)
  const rest = Object.entries(parameters)
    .filter(([name]) => name !== 'signature')
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  return `${rest}&signature=${signature}`
}

/**
 * Creates a signer that computes one HMAC per second. The signature covers only the app key and a timestamp
 * in seconds, so all calls within one second have the same signature.
 */
export function createQuerySigner(options: {
  readonly appKey: string
  readonly accessToken: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}): () => string {
  const queryAt = createQuerySignerAt(options)
  return () => queryAt(options.now())
}

/** Like {@link createQuerySigner}, for a given time in milliseconds since the epoch. */
export function createQuerySignerAt(options: {
  readonly appKey: string
  readonly accessToken: string
  /** Extra signed parameters. */
  readonly query?: Readonly<Record<string, string>>
}): (now: number) => string {
  let cachedSecond = Number.NaN
  let cachedQuery = ''
  return (now) => {
    const second = Math.floor(now / 1000)
    if (second !== cachedSecond) {
      cachedQuery = signedQuery(
        { ...options.query, appkey: options.appKey, timestamp: String(second) },
        options.accessToken,
      )
      cachedSecond = second
    }
    return cachedQuery
  }
}
