import { IvhAbortError } from './call-errors'
import { IvhSessionError } from './session-error'

/** The abort reason of an open whose caller's signal fired. */
export function abortedByCaller(signal: AbortSignal): IvhAbortError {
  return abortError(signal.reason)
}

/** The error of an open while the client is closing, and its abort reason. */
export function clientClosed(): IvhSessionError {
  return new IvhSessionError('client-closed', 'The IVH client closed its sessions', {
    hint: 'Open sessions before closeAll() or after it has settled. After close(), create a new client.',
  })
}

/** The error of an open that was aborted, by its caller or by the client. */
export function abandonedError(
  signal: AbortSignal,
  sessionId?: string,
): IvhAbortError | IvhSessionError {
  if (signal.reason instanceof IvhSessionError) return signal.reason
  const cause = signal.reason instanceof IvhAbortError ? signal.reason.cause : signal.reason
  return abortError(cause, sessionId)
}

/** @throws {@link abandonedError} when the signal has fired. */
export function throwIfAbandoned(signal: AbortSignal, sessionId?: string): void {
  if (signal.aborted) throw abandonedError(signal, sessionId)
}

function abortError(cause: unknown, sessionId?: string): IvhAbortError {
  return new IvhAbortError('Opening the session was aborted by its AbortSignal', {
    sessionId,
    cause,
  })
}
