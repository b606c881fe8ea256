import { describeCode, type RetryClass } from '../protocol/codes'
import { redactText } from '../redaction/redact'
import { IvhError, type IvhErrorContext } from './ivh-error'

/** The service answered with a code other than 0. */
export class IvhApiError extends IvhError {
  override readonly name = 'IvhApiError'
  readonly kind = 'api'
  /** The vendor's code, for example 100008. */
  readonly code: number
  /** The vendor's own message, secrets hidden. */
  readonly serverMessage: string
  /** What may be done about this code; see {@link RetryClass}. */
  readonly retry: RetryClass

  constructor(code: number, serverMessage: string, context: IvhErrorContext = {}) {
    const info = describeCode(code)
    const detail = serverMessage ? `: ${serverMessage}` : ''
    super(`IVH answered ${code}, ${info.meaning}${detail}`, { next: info.next, ...context })
    this.code = code
    this.serverMessage = redactText(serverMessage)
    this.retry = info.retry
  }
}
