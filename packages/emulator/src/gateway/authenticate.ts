import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ResolvedGatewayOptions } from '../options'
import { Refusal } from '../wire/refusal'

const allowedSkewSeconds = 5 * 60
/** Maximum length of the query in an error message; the rest is cut. */
const longestShown = 200
/**
 * Maximum number of query parameters. It limits the search for a signature mistake; a correct query has four.
 */
const maxParameters = 50

/**
 * Checks the app key, the timestamp and the signature of a query, in this order (1211/62053, 1240/107197).
 *
 * @throws Refusal naming the wrong part. The vendor does not document the code; see `authFailure`.
 */
export function authenticate(
  query: URLSearchParams,
  options: ResolvedGatewayOptions,
  nowMs: number,
): void {
  const { status, code } = options.authFailure
  const refusal = (detail: string) => new Refusal(code, detail, status)

  if (query.size > maxParameters) {
    throw refusal(`the query has ${query.size} parameters; at most ${maxParameters} are allowed`)
  }

  const appKey = query.get('appkey')
  if (!appKey) throw refusal('the query parameter appkey is missing')
  if (appKey !== options.appKey) {
    throw refusal(
      'the appkey is not the one that this emulator accepts (option appKey, flag --app-key)',
    )
  }

  const timestamp = query.get('timestamp')
  if (!timestamp) throw refusal('the query parameter timestamp is missing')
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw refusal('the timestamp must be Unix seconds in decimal, not milliseconds and not a date')
  }
  const skew = Math.floor(nowMs / 1000) - Number(timestamp)
  if (Math.abs(skew) > allowedSkewSeconds) {
    throw refusal(
      `the timestamp is ${Math.abs(skew)} s ${skew > 0 ? 'behind' : 'ahead of'} the server; 300 s are allowed: correct the caller’s clock`,
    )
  }

  const signature = query.get('signature')
  if (!signature) throw refusal('the query parameter signature is missing')
  if (signature.includes(' ')) {
    throw refusal('the signature holds a space: percent-encode it, a "+" must be sent as %2B')
  }
  if (!equal(signature, signatureOf(sorted(query), options.accessToken))) {
    throw refusal(`the signature does not match: ${signatureMistake(query, signature, options)}`)
  }
}

/** Returns the known mistake that gives this signature; otherwise the expected signature. */
function signatureMistake(
  query: URLSearchParams,
  signature: string,
  { accessToken }: ResolvedGatewayOptions,
): string {
  const text = sorted(query)
  const right = signatureOf(text, accessToken)
  const asSent = [...query].filter(([name]) => name !== 'signature')
  const signs = (signed: string, key: string | Buffer = accessToken) =>
    equal(signature, signatureOf(signed, key))
  if (signature.toLowerCase() === Buffer.from(right, 'base64').toString('hex')) {
    return 'it is hexadecimal; base64 is needed'
  }
  if (signature.replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=') === right) {
    return 'it was percent-encoded twice'
  }
  if (signature.replaceAll('-', '+').replaceAll('_', '/') === right.replace(/=+$/, '')) {
    return 'it is base64url or has lost its "="; standard base64 with padding is needed'
  }
  if (signs(joined(asSent))) return 'the parameters must be sorted by name before they are signed'
  if (signs(text, Buffer.from(accessToken, 'hex'))) {
    return 'the access token is used as text, it is not decoded from hexadecimal'
  }
  for (const [missing] of asSent) {
    const rest = new URLSearchParams(asSent.filter(([name]) => name !== missing))
    if (signs(sorted(rest))) return `the parameter ${missing} was left out of what is signed`
  }
  return `it must be base64(HMAC-SHA256(access token, "${text.slice(0, longestShown)}")), the query sorted without signature; if the text is the same, the access token is another`
}

/** Returns the signed text: all parameters except the signature, sorted by name. */
function sorted(query: URLSearchParams): string {
  return joined(
    [...query]
      .filter(([name]) => name !== 'signature')
      // In the order of code units, an upper-case name such as Language comes before appkey.
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  )
}

function joined(parameters: readonly [string, string][]): string {
  return parameters.map(([name, value]) => `${name}=${value}`).join('&')
}

function signatureOf(text: string, key: string | Buffer): string {
  return createHmac('sha256', key).update(text).digest('base64')
}

function equal(a: string, b: string): boolean {
  const left = Buffer.from(a)
  const right = Buffer.from(b)
  return left.length === right.length && timingSafeEqual(left, right)
}
