import type { IvhClientOptions } from '@ivh-kit/core'

/** What `IvhModule.forRoot` takes: the client's options, and how shutdown behaves. */
export interface IvhModuleOptions extends IvhClientOptions {
  /** How long shutdown waits for sessions to close, in milliseconds. Default 10 000. */
  readonly shutdownTimeoutMs?: number | undefined
}
