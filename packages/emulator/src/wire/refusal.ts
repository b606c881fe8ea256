import { shorten } from './shorten'

/** HTTP statuses of a refusal. Business errors have 200. */
export type RefusalStatus = 200 | 400 | 401 | 403 | 404 | 409 | 410

/** A refused request: its response has a code other than 0. `detail` follows the error name in the message. */
export class Refusal extends Error {
  readonly code: number
  readonly status: RefusalStatus

  constructor(code: number, detail: string, status: RefusalStatus = 200) {
    super(detail)
    this.code = code
    this.status = status
  }
}

/** Error names. The real gateway writes messages in the form `Name:text`. */
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

/** Next steps for codes whose detail has none. */
const nextSteps: Readonly<Record<number, string>> = {
  110013: 'create another session',
  110022: 'continue with the other session, or give every client its own UserId',
}

/** Maximum length of a detail in characters. A detail may quote the caller's input. */
const longestDetail = 1_000

/** Returns `Header.Message` of a refusal. */
export function refusalMessage({ code, message }: Refusal): string {
  const nextStep = nextSteps[code]
  return `${names[code] ?? 'Refused'}:${shorten(message, longestDetail)}${nextStep ? `; ${nextStep}` : ''}`
}
