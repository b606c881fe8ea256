import type { IvhClientOptions } from '@ivh-kit/core'

/** Options of `IvhModule.forRoot`: those of the client, and the timeout of shutdown. */
export interface IvhModuleOptions extends IvhClientOptions {
  /** Timeout of shutdown for the close of all sessions, in milliseconds. Default 10 000. */
  readonly shutdownTimeoutMs?: number | undefined
}
