import {
  IvhApiError,
  type IvhError,
  IvhSessionError,
  isIvhError,
  type Playback,
} from '@ivh-kit/core'

/** How a visitor's session stands. `closed` and `failed` are final. */
export type BrokerState =
  | 'creating'
  | 'preparing'
  | 'starting'
  | 'ready'
  | 'closing'
  | 'closed'
  | 'failed'

/** Why a session failed or was closed, fit to be shown to a visitor: no secrets, no stack. */
export interface BrokerProblem {
  /** A stable word to choose a text by: the error's kind, `busy`, `idle`, `replaced`, `time-limit`, … */
  readonly reason: string
  /** The vendor's code, when it gave one. */
  readonly code?: number
  /** What happened, in English. */
  readonly message: string
  /** What to do next, in English. */
  readonly next?: string
  /** The vendor's trace id, for support. */
  readonly requestId?: string
}

/** What the page sees of its session. */
export interface BrokerSnapshot {
  readonly id: string
  readonly state: BrokerState
  /** Known from `preparing` on. */
  readonly sessionId?: string
  /** Milliseconds since the visitor asked. */
  readonly elapsedMs: number
  /** Known from `ready` on; signed afresh in every snapshot. */
  readonly playback?: Playback
  readonly problem?: BrokerProblem
}

export const finalStates: ReadonlySet<BrokerState> = new Set(['closed', 'failed'])

/** Puts an error into words for a visitor. Errors that are not the kit's are not shown: they may tell too much. */
export function problemOf(error: unknown): BrokerProblem {
  if (!isIvhError(error)) {
    return {
      reason: 'internal',
      message: 'The session could not be opened because of a fault on this server.',
      next: 'Try again; look at the server’s log if it happens again.',
    }
  }
  const code = codeOf(error)
  return {
    reason: code === 100008 || code === 100014 ? 'busy' : error.kind,
    message: error.message,
    ...(code !== undefined && { code }),
    ...(error.next !== undefined && { next: error.next }),
    ...(error.requestId !== undefined && { requestId: error.requestId }),
  }
}

function codeOf(error: IvhError): number | undefined {
  if (error instanceof IvhApiError || error instanceof IvhSessionError) return error.code
  return 'code' in error && typeof error.code === 'number' ? error.code : undefined
}
