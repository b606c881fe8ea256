import { checkWholeNumber } from '@ivh-kit/kernel'

/** Options for polling sessions that are being prepared. */
export interface PollingOptions {
  /** Maximum number of concurrent statsession polls. Default 64. */
  readonly concurrency?: number | undefined
}

/** @throws IvhConfigError for an invalid option. */
export function resolvePolling(options: PollingOptions = {}) {
  return { concurrency: checkWholeNumber('polling.concurrency', options.concurrency ?? 64, 1) }
}
export type ResolvedPolling = ReturnType<typeof resolvePolling>
