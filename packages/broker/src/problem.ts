import { closeType, isIvhError, redactText } from '@ivh-kit/core'

/** Why a session failed or was closed, fit to be shown to a visitor: no secrets, no stack. */
export interface BrokerProblem {
  /** A stable word to choose a text by: the error's kind, `busy`, `idle`, `replaced`, `time-limit`, … */
  readonly reason: string
  /** The vendor's code, when it gave one. */
  readonly code?: number
  /** What happened, in English. */
  readonly message: string
  /** What to do next, in English. */
  readonly hint?: string
  /** The vendor's trace id, for support. */
  readonly requestId?: string
}

/**
 * Puts an error into words for a visitor. What did not come from the kit, or tells of this server's
 * network, is not shown: the log has it.
 */
export function problemOf(error: unknown): BrokerProblem {
  if (!isIvhError(error)) return ownFault('internal')
  const { kind, message, hint, requestId } = error
  if (kind === 'config' || kind === 'validation' || kind === 'plugin') return ownFault(kind)
  if (kind === 'transport') {
    return {
      reason: kind,
      message: 'This server could not reach the digital-human service.',
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

function ownFault(reason: string): BrokerProblem {
  return {
    reason,
    message: 'A fault on this server stopped the session.',
    hint: 'Try again; look at the server’s log if it happens again.',
  }
}

/** The vendor's code of an error of any installed copy of the kit. */
export function codeOf(error: unknown): number | undefined {
  if (!isIvhError(error) || !('code' in error)) return undefined
  return typeof error.code === 'number' ? error.code : undefined
}

/** Why the service closed a session on its own, from `CloseType` and `ErrorMessage` of statsession. */
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
        message: 'The session was closed because another one was opened with the same UserId.',
        hint: 'Use this avatar in one place at a time.',
      }
    default:
      return {
        reason: 'closed-by-service',
        message: `The service closed the session${message ? `: ${redactText(message)}` : ''}.`,
        hint: 'Start a new one.',
      }
  }
}

/** An error for the log: in full, with the kit's secrets hidden. */
export function forLog(error: unknown): string {
  return redactText(String(error))
}
