/** A request that is answered with a code other than 0. `detail` goes after the vendor's error name. */
export class Refusal extends Error {
  readonly code: number
  readonly status: 200 | 401 | 403

  constructor(code: number, detail: string, status: 200 | 401 | 403 = 200) {
    super(detail)
    this.code = code
    this.status = status
  }
}

/** Names in front of the message, in the form `Name:text` that the real gateway uses. */
const names: Readonly<Record<number, string>> = {
  100000: 'InternalError',
  100001: 'InvalidParameter',
  100005: 'UnauthorizedOperation',
  100008: 'LimitExceeded',
  100014: 'AssetConcurrencyQuotaNotFound',
  110013: 'SessionClosed',
  110014: 'SessionNotReady',
  110016: 'SessionNotStarted',
  110018: 'SessionNotFound',
  110022: 'SessionReplaced',
}

/** `Header.Message` of a refusal. */
export function refusalMessage(refusal: Refusal): string {
  return `${names[refusal.code] ?? 'Refused'}:${refusal.message}`
}
