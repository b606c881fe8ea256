import { IvhError, type IvhErrorContext, redact, redactText } from '@ivh-kit/kernel'
import { type CodeCategory, describeCode, docsPathOf, type RetryClass } from '../protocol/codes'

/** A session that occupies the account's concurrency. */
export interface ActiveSession {
  readonly sessionId: string
  readonly userId: string
  /** Its `SessionStatus`: 1 ready, 3 preparing. */
  readonly status: number
  /** Whether the client whose error this is holds it; if not, another process does, or nobody. */
  readonly openedHere: boolean
}

/** The service answered with a code other than 0. */
export class IvhApiError extends IvhError {
  override readonly name = 'IvhApiError'
  readonly kind = 'api'
  /** The vendor's code, for example 100008. */
  readonly code: number
  /** The vendor's own message, secrets hidden. */
  readonly serverMessage: string
  /** What the code is about; see {@link CodeCategory}. */
  readonly category: CodeCategory
  /** What may be done about this code; see {@link RetryClass}. */
  readonly retry: RetryClass
  /** The HTTP status of the answer; undefined when the code did not come with one, as on the command channel. */
  readonly status: number | undefined
  /** The `Payload` of the answer as it came, secrets hidden; undefined when there was none. */
  readonly payload: unknown
  /** The page about a documented code, from the root of the ivh-kit repository. */
  readonly docsPath: string | undefined
  /** How long the service asked to wait (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined
  /**
   * Who holds the account's concurrency: told by `sessions.open` when that is used up (100008) and the
   * account's list could be read.
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
