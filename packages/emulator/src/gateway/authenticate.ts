import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ResolvedGatewayOptions } from '../options'
import { Refusal } from './refusal'

const allowedSkewSeconds = 5 * 60

/**
 * Checks app key, timestamp and signature of a query, in that order, and says which one failed
 * (1211/62053, 1240/107197). The code for it is not published; see `authFailure`.
 */
export function authenticate(
  query: URLSearchParams,
  options: ResolvedGatewayOptions,
  nowMs: number,
): void {
  const { status, code } = options.authFailure
  const refusal = (detail: string) => new Refusal(code, detail, status)

  const appKey = query.get('appkey')
  if (!appKey) throw refusal('the query parameter appkey is missing')
  if (appKey !== options.appKey) throw refusal('the appkey is not known')

  const timestamp = query.get('timestamp')
  if (!timestamp) throw refusal('the query parameter timestamp is missing')
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw refusal('the timestamp must be Unix seconds in decimal, not milliseconds and not a date')
  }
  const skew = Math.floor(nowMs / 1000) - Number(timestamp)
  if (Math.abs(skew) > allowedSkewSeconds) {
    throw refusal(
      `the timestamp is ${Math.abs(skew)} s ${skew > 0 ? 'behind' : 'ahead of'} the server; 300 s are allowed`,
    )
  }

  const signature = query.get('signature')
  if (!signature) throw refusal('the query parameter signature is missing')
  if (signature.includes(' ')) {
    throw refusal('the signature holds a space: percent-encode it, a "+" must be sent as %2B')
  }
  if (!equal(signature, expectedSignature(query, options.accessToken))) {
    throw refusal(
      'the signature does not match: base64(HMAC-SHA256(access token, sorted query without signature))',
    )
  }
}

function expectedSignature(query: URLSearchParams, accessToken: string): string {
  const text = [...query]
    .filter(([name]) => name !== 'signature')
    // By code unit: an upper-case name such as Language comes before appkey.
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
  return createHmac('sha256', accessToken).update(text).digest('base64')
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
