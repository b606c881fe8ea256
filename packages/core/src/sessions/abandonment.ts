import { IvhAbortError, IvhSessionError } from '../errors'

/** The reason on an open's own signal when the caller's signal fired. */
export function abortedByCaller(signal: AbortSignal): IvhAbortError {
  return abortError(signal.reason)
}

/** What opening rejects with, and the reason on an open's own signal, when the client is closing. */
export function clientClosed(): IvhSessionError {
  return new IvhSessionError('client-closed', 'The IVH client closed its sessions', {
    hint: 'Open sessions before closeAll() or after it has settled, and none after close().',
  })
}

/** The error of an open whose own signal has fired. */
export function abandonedError(
  signal: AbortSignal,
  sessionId?: string,
): IvhAbortError | IvhSessionError {
  if (signal.reason instanceof IvhSessionError) return signal.reason
  const cause = signal.reason instanceof IvhAbortError ? signal.reason.cause : signal.reason
  return abortError(cause, sessionId)
}

export function throwIfAbandoned(signal: AbortSignal, sessionId?: string): void {
  if (signal.aborted) throw abandonedError(signal, sessionId)
}

function abortError(cause: unknown, sessionId?: string): IvhAbortError {
  return new IvhAbortError('Opening the session was aborted by its AbortSignal', {
    sessionId,
    cause,
  })
}
