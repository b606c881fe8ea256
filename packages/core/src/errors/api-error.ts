import { IvhError, type IvhErrorContext, redact, redactText } from '@ivh-kit/kernel'
import { type CodeCategory, describeCode, docsPathOf, type RetryClass } from '../protocol/codes'

/** A session that uses the account's concurrency. */
export interface ActiveSession {
  readonly sessionId: string
  readonly userId: string
  /** The `SessionStatus`: 1 ready, 3 preparing. */
  readonly status: number
  /** True when this client opened it; false for a session of another process, and for an orphan. */
  readonly openedHere: boolean
}

/** The service answered with a code other than 0. */
export class IvhApiError extends IvhError {
  override readonly name = 'IvhApiError'
  readonly kind = 'api'
  /** The vendor's code, for example 100008. */
  readonly code: number
  /** The vendor's message, with secrets hidden. */
  readonly serverMessage: string
  /** The category of the code. */
  readonly category: CodeCategory
  /** The condition under which a retry can succeed. */
  readonly retry: RetryClass
  /** The HTTP status of the response; undefined for a code from the command channel. */
  readonly status: number | undefined
  /** The `Payload` of the response, with secrets hidden; undefined when there was none. */
  readonly payload: unknown
  /** The path of the page about a documented code, in the ivh-kit repository. */
  readonly docsPath: string | undefined
  /** The pause that the service asked for (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined
  /**
   * The sessions that use the account's concurrency. Present on an error of `sessions.open` for exhausted
   * concurrency (100008) when the account's list could be read.
   */
  readonly activeSessions: readonly ActiveSession[] | undefined

  constructor(
    code: number,
    serverMessage: string,
    context: IvhErrorContext & {
      readonly status?: number | undefined
      readonly payload?: unknown
      readonly retryAfterMs?: number | undefined
      readonly activeSessions?: readonly ActiveSession[] | undefined
    } = {},
  ) {
    const info = describeCode(code)
    const detail = serverMessage ? `: ${serverMessage}` : ''
    super('IvhApiError', `IVH answered ${code}, ${info.meaning}${detail}`, {
      hint: info.hint,
      ...context,
    })
    this.code = code
    this.serverMessage = redactText(serverMessage)
    this.category = info.category
    this.retry = info.retry
    this.status = context.status
    this.payload = redact(context.payload ?? undefined)
    this.docsPath = docsPathOf(code)
    this.retryAfterMs = context.retryAfterMs
    this.activeSessions = context.activeSessions
  }
}
