import { closeType, isIvhError, redactText } from '@ivh-kit/core'
import { type Language, type VisitorReason, visitorText } from './visitor-texts'

/** The reason for a failure or a close, in words for a visitor. The log has the words for operators. */
export interface BrokerProblem {
  /** A stable name: `busy`, `idle`, `time-limit`, `unreachable`, `internal`, … */
  readonly reason: string
  /** One sentence in the visitor's language: what happened. */
  readonly message: string
  /** One sentence in the visitor's language: what to do next. */
  readonly hint?: string
}

/** Puts a reason into words for a visitor. */
export function problem(reason: VisitorReason, language: Language): BrokerProblem {
  return { reason, ...visitorText(reason, language) }
}

/** The codes of a service without free concurrency. */
const busyCodes: ReadonlySet<number | undefined> = new Set([100008, 100014])

/** The reason that a visitor may learn about an error. */
export function reasonOf(error: unknown): VisitorReason {
  if (!isIvhError(error)) return 'internal'
  if (busyCodes.has(codeOf(error))) return 'busy'
  return error.kind === 'transport' || error.kind === 'timeout' ? 'unreachable' : 'internal'
}

/** The vendor's code in an error of any installed copy of the kit. */
export function codeOf(error: unknown): number | undefined {
  if (!isIvhError(error) || !('code' in error)) return undefined
  return typeof error.code === 'number' ? error.code : undefined
}

/** The reason for a close by the service, from `CloseType` of statsession. */
export function reasonOfClose(type: number | null | undefined): VisitorReason {
  if (type === closeType.idle) return 'idle'
  return type === closeType.sameUserId ? 'replaced' : 'closed-by-service'
}

/** The full text of an error for the log, with secrets hidden. */
export function textForLog(error: unknown): string {
  return redactText(String(error))
}
