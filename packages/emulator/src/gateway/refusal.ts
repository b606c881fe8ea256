import { shorten } from '../record/shorten'

/** The HTTP statuses that a refusal may come with; business errors come with 200. */
export type RefusalStatus = 200 | 400 | 401 | 403 | 404 | 409 | 410

/** A request that is answered with a code other than 0. `detail` goes after the vendor's error name. */
export class Refusal extends Error {
  readonly code: number
  readonly status: RefusalStatus

  constructor(code: number, detail: string, status: RefusalStatus = 200) {
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
  100012: 'FrequencyLimitExceeded',
  100014: 'AssetConcurrencyQuotaNotFound',
  110013: 'SessionClosed',
  110014: 'SessionNotReady',
  110015: 'CommandOutOfOrder',
  110016: 'SessionNotStarted',
  110018: 'SessionNotFound',
  110022: 'SessionReplaced',
}

/** What to do next, for codes whose detail only tells what happened. */
const nextSteps: Readonly<Record<number, string>> = {
  110013: 'create another session',
  110022: 'go on with the other one, or give every client a UserId of its own',
}

/** A detail may quote what the caller sent, which is as long as the caller likes. */
const longestDetail = 1_000

/** `Header.Message` of a refusal. */
export function refusalMessage({ code, message }: Refusal): string {
  const nextStep = nextSteps[code]
  return `${names[code] ?? 'Refused'}:${shorten(message, longestDetail)}${nextStep ? `; ${nextStep}` : ''}`
}
