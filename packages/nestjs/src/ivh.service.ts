import { createIvhClient, type IvhClient } from '@ivh-kit/core'
import { type Clock, systemClock } from '@ivh-kit/kernel'
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
} from '@nestjs/common'
import type { IvhModuleOptions } from './ivh.interfaces'
import { IVH_MODULE_OPTIONS } from './ivh.module-definition'
import { createNestLogger } from './nest-logger'
import { reasonsOf, resolveShutdownTimeout, settlesWithin } from './shutdown'

export interface IvhService extends IvhClient {}

/**
 * The IVH client as a Nest provider. It has every member of {@link IvhClient}. When the application shuts
 * down, it closes every open session; call `app.enableShutdownHooks()` so that SIGTERM does that as well.
 * A client of `withOptions` closes its own sessions: close it yourself.
 */
@Injectable()
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor copies every member of the client
export class IvhService implements BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #clock: Clock
  readonly #shutdownTimeoutMs: number
  readonly #logger = new Logger('Ivh')
  #closeFailed = false

  /** @throws IvhConfigError for a missing or wrong option, while the application boots. */
  constructor(@Inject(IVH_MODULE_OPTIONS) options: IvhModuleOptions) {
    const { shutdownTimeoutMs, logger = createNestLogger(), ...clientOptions } = options
    this.#clock = options.clock ?? systemClock
    this.#shutdownTimeoutMs = resolveShutdownTimeout(shutdownTimeoutMs)
    Object.assign(this, createIvhClient({ ...clientOptions, logger }))
  }

  /**
   * Closes all sessions; none can be opened afterwards. Nest calls this before it waits for open HTTP
   * connections. An event stream can keep those open without end, and open sessions cost money.
   */
  beforeApplicationShutdown(): Promise<void> {
    return this.#closeSessions()
  }

  /** Tries a failed close again, after the HTTP server has stopped. */
  async onApplicationShutdown(): Promise<void> {
    if (this.#closeFailed) await this.#closeSessions()
  }

  async #closeSessions(): Promise<void> {
    const timeoutMs = this.#shutdownTimeoutMs
    try {
      if (await settlesWithin(timeoutMs, this.#clock, this.close())) return
      const ids = this.sessions.list.map(({ id }) => id)
      this.#logger.error(
        `Closing the sessions timed out after ${timeoutMs} ms; they may still cost money: ${ids.join(', ') || 'a session that was opening'}`,
      )
    } catch (error) {
      this.#closeFailed = true
      this.#logger.error(
        `Closing the sessions failed; some may still cost money: ${reasonsOf(error)}`,
      )
    }
  }
}
