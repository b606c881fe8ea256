import { type Clock, reasonOf } from '@ivh-kit/kernel'
import { PlayerError, type PlayerErrorReason } from '../player-error'

/** The argument of a {@link UrlProvider}. */
export interface AddressRequest {
  /** The `src` of the element. */
  src: string
  /** Number of the reconnect attempt that will use the address, from 1. */
  attempt: number
  /** The reason why the last connection ended. */
  reason: PlayerErrorReason
  /** Aborted when the player no longer needs the address. */
  signal: AbortSignal
}

/** Returns the address for a reconnect. Signed addresses expire, so the old one may be refused. */
export type UrlProvider = (request: AddressRequest) => string | Promise<string>

const timeoutMs = 10_000

/**
 * Calls a {@link UrlProvider} and waits at most 10 s for its address.
 *
 * @param signal ends the request early.
 * @throws PlayerError `signaling` when the provider throws, rejects or takes too long.
 */
export async function requestAddress(
  provider: UrlProvider,
  request: Omit<AddressRequest, 'signal'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<string> {
  const controller = new AbortController()
  const abort = () => controller.abort()
  signal.addEventListener('abort', abort, { once: true })
  const cancelTimeout = clock.after(timeoutMs, abort)
  try {
    return await Promise.race([
      provider({ ...request, signal: controller.signal }),
      rejectOnAbort(controller.signal),
    ])
  } catch (cause) {
    throw new PlayerError({
      reason: 'signaling',
      cause,
      message: `urlProvider returned no address: ${reasonOf(cause)}.`,
    })
  } finally {
    cancelTimeout()
    signal.removeEventListener('abort', abort)
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => reject(new Error(`it did not answer within ${timeoutMs} ms`)),
      { once: true },
    )
  })
}
