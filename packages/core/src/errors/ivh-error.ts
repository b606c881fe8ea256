import { redactText } from '../redaction/redact'
import { redactCause } from '../redaction/redact-cause'

/** The same symbol in every installed copy of the package; see `isIvhError`. */
export const brand = Symbol.for('ivh-kit.error')

/** Where an error happened and what can be done about it. Every field may be unknown. */
export interface IvhErrorContext {
  /** The service's own trace id (`Header.RequestID`); give it to the vendor's support. */
  readonly requestId?: string | undefined
  /** The id this request carried (`Payload.ReqId`). */
  readonly reqId?: string | undefined
  /** The session it is about. */
  readonly sessionId?: string | undefined
  /** The path of the call, without host and query. */
  readonly path?: string | undefined
  /** Which attempt failed, from 1. */
  readonly attempt?: number | undefined
  /** What to do next, one sentence. */
  readonly next?: string | undefined
  readonly cause?: unknown
}

/** Which kind of failure this is; the discriminant of every error of the kit. */
export type IvhErrorKind =
  | 'config'
  | 'validation'
  | 'api'
  | 'transport'
  | 'timeout'
  | 'aborted'
  | 'response-shape'
  | 'session'
  | 'plugin'

/**
 * The base of every error that ivh-kit throws. The message says what happened, in which call, and
 * what to do next; secrets are hidden in it and in `cause`. Recognise it with `isIvhError`, which also
 * works when two copies of the package are installed.
 */
export abstract class IvhError extends Error {
  abstract readonly kind: IvhErrorKind
  readonly requestId: string | undefined
  readonly reqId: string | undefined
  readonly sessionId: string | undefined
  readonly path: string | undefined
  readonly attempt: number | undefined
  readonly next: string | undefined

  constructor(what: string, context: IvhErrorContext = {}) {
    super(
      redactText(sentence(redactText(what), context)),
      'cause' in context ? { cause: redactCause(context.cause) } : {},
    )
    this.requestId = readId(context.requestId)
    this.reqId = readId(context.reqId)
    this.sessionId = readId(context.sessionId)
    this.path = context.path
    this.attempt = context.attempt
    this.next = context.next
    Object.defineProperty(this, brand, { value: true })
  }
}

/** Ids come from outside, and may be anything. */
function readId(id: unknown): string | undefined {
  return typeof id === 'string' && id !== '' ? redactText(id) : undefined
}

function sentence(what: string, context: IvhErrorContext): string {
  const facts = [
    context.path && `call ${context.path.slice(context.path.lastIndexOf('/') + 1)}`,
    context.sessionId && `SessionId ${context.sessionId}`,
    context.requestId && `RequestID ${context.requestId}`,
    context.reqId && `ReqId ${context.reqId}`,
    context.attempt !== undefined && context.attempt > 1 && `attempt ${context.attempt}`,
  ].filter(Boolean)
  const where = facts.length > 0 ? ` (${facts.join(', ')})` : ''
  return `${what.replace(/[.\s]+$/, '')}${where}.${context.next ? ` ${context.next}` : ''}`
}
