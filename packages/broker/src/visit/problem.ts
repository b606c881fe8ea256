import { closeType, isIvhError, redactText } from '@ivh-kit/core'

/** The reason for a failure or a close, safe to show to a visitor: no secrets, no stack. */
export interface BrokerProblem {
  /** A stable name: the error's `kind`, or `busy`, `idle`, `replaced`, `time-limit`, … */
  readonly reason: string
  /** The vendor's code, if there is one. */
  readonly code?: number
  /** One sentence in English: what happened. */
  readonly message: string
  /** One sentence in English: what to do next. */
  readonly hint?: string
  /** The vendor's trace id, for support. */
  readonly requestId?: string
}

/**
 * Describes an error for a visitor. Errors from outside the kit and network errors of this server are
 * replaced by a general text; the log has the details.
 */
export function problemOf(error: unknown): BrokerProblem {
  if (!isIvhError(error)) return serverError('internal')
  const { kind, message, hint, requestId } = error
  if (kind === 'config' || kind === 'validation' || kind === 'plugin') return serverError(kind)
  if (kind === 'transport') {
    return {
      reason: kind,
      message: 'This server could not reach the digital human service.',
      hint: 'Try again in a moment.',
    }
  }
  const code = codeOf(error)
  return {
    reason: code === 100008 || code === 100014 ? 'busy' : kind,
    message,
    ...(code !== undefined && { code }),
    ...(hint !== undefined && { hint }),
    ...(requestId !== undefined && { requestId }),
  }
}

function serverError(reason: string): BrokerProblem {
  return {
    reason,
    message: 'An error on this server ended the session.',
    hint: 'Try again. If it happens again, check the server log.',
  }
}

/** The vendor's code in an error of any installed copy of the kit. */
export function codeOf(error: unknown): number | undefined {
  if (!isIvhError(error) || !('code' in error)) return undefined
  return typeof error.code === 'number' ? error.code : undefined
}

/** Describes a close by the service, from `CloseType` and `ErrorMessage` of statsession. */
export function closedByService(
  type: number | null | undefined,
  message: string | null | undefined,
): BrokerProblem {
  switch (type) {
    case closeType.idle:
      return {
        reason: 'idle',
        message: 'The service closed the session because it was idle.',
        hint: 'Start a new one.',
      }
    case closeType.sameUserId:
      return {
        reason: 'replaced',
        message: 'The service closed the session because another one has the same UserId.',
        hint: 'Use a different UserId for each visitor.',
      }
    default:
      return {
        reason: 'closed-by-service',
        message: `The service closed the session${message ? `: ${redactText(message)}` : ''}.`,
        hint: 'Start a new one.',
      }
  }
}

/** The full text of an error for the log, with secrets hidden. */
export function textForLog(error: unknown): string {
  return redactText(String(error))
}
