import type { IvhClientOptions } from '@ivh-kit/core'

/** Options of `IvhModule.forRoot`: those of the client, and the timeout of shutdown. */
export interface IvhModuleOptions extends IvhClientOptions {
  /** Milliseconds for which shutdown waits until all sessions are closed. Default 10 000. */
  readonly shutdownTimeoutMs?: number | undefined
}
