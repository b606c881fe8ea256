import { checkWholeNumber } from '@ivh-kit/kernel'

/** How a client polls the sessions that are being prepared. */
export interface PollingOptions {
  /** The most statsession polls at once. Default 64. */
  readonly concurrency?: number | undefined
}

/** @throws IvhConfigError for an invalid option. */
export function resolvePolling(options: PollingOptions = {}) {
  return { concurrency: checkWholeNumber('polling.concurrency', options.concurrency ?? 64, 1) }
}
export type ResolvedPolling = ReturnType<typeof resolvePolling>
