import { redactCause } from '../redaction/redact-cause'
import { redactText } from '../redaction/redact-text'
import { brandError } from './brand'

/** Facts about a failed call. Every field is optional. */
export interface IvhErrorContext {
  /** The service's trace id (`Header.RequestID`). The vendor's support asks for it. */
  readonly requestId?: string | undefined
  /** The id of this request (`Payload.ReqId`). */
  readonly reqId?: string | undefined
  /** The session that the call concerned. */
  readonly sessionId?: string | undefined
  /** The path of the call, without host and query. */
  readonly path?: string | undefined
  /** The number of the failed attempt, from 1. */
  readonly attempt?: number | undefined
  /** The next step, in one sentence. */
  readonly hint?: string | undefined
  readonly cause?: unknown
}

/** The kinds of errors; `kind` discriminates them. */
export type IvhErrorKind =
  | 'config'
  | 'validation'
  | 'api'
  | 'transport'
  | 'timeout'
  | 'abort'
  | 'response-shape'
  | 'session'
  | 'plugin'

/**
 * Base class of the kit's errors. The message says what happened, in which call, and what to do next.
 * Secrets are hidden in the message and in `cause`. Use `isIvhError` to recognise errors of any
 * installed copy of a package.
 */
export abstract class IvhError extends Error {
  abstract readonly kind: IvhErrorKind
  readonly requestId: string | undefined
  readonly reqId: string | undefined
  readonly sessionId: string | undefined
  readonly path: string | undefined
  readonly attempt: number | undefined
  readonly hint: string | undefined
  /**
   * Present on errors of `sessions.open` that may have left a session open: resolves when the service has
   * confirmed that none is left. It never rejects; while the service cannot be reached it stays pending.
   */
  declare readonly cleanup?: Promise<void>

  constructor(className: string, what: string, context: IvhErrorContext = {}) {
    super(
      redactText(messageOf(redactText(what), context)),
      'cause' in context ? { cause: redactCause(context.cause) } : {},
    )
    this.requestId = readId(context.requestId)
    this.reqId = readId(context.reqId)
    this.sessionId = readId(context.sessionId)
    this.path = context.path
    this.attempt = context.attempt
    this.hint = context.hint
    brandError(this, className)
  }
}

/** Adds `cleanup` to an error. It is not enumerable, so that logs do not print it. */
export function addCleanup(error: IvhError, cleanup: Promise<void>): void {
  Object.defineProperty(error, 'cleanup', { value: cleanup, configurable: true })
}

/** Reads an id of the service, which may have any type. */
function readId(id: unknown): string | undefined {
  return typeof id === 'string' && id !== '' ? redactText(id) : undefined
}

function messageOf(what: string, context: IvhErrorContext): string {
  const facts = [
    context.path && `call ${context.path.slice(context.path.lastIndexOf('/') + 1)}`,
    context.sessionId && `SessionId ${context.sessionId}`,
    context.requestId && `RequestID ${context.requestId}`,
    context.reqId && `ReqId ${context.reqId}`,
    context.attempt !== undefined && context.attempt > 1 && `attempt ${context.attempt}`,
  ].filter(Boolean)
  const where = facts.length > 0 ? ` (${facts.join(', ')})` : ''
  return `${what.replace(/[.\s]+$/, '')}${where}.${context.hint ? ` ${context.hint}` : ''}`
}
