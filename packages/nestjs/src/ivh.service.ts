import { createIvhClient, type IvhClient, IvhConfigError } from '@ivh-kit/core'
import { type Clock, systemClock } from '@ivh-kit/kernel'
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  Optional,
} from '@nestjs/common'
import { ModulesContainer } from '@nestjs/core'
import { ClientRegistry } from './client-registry'
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
export class IvhService
  implements OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly #clock: Clock
  readonly #shutdownTimeoutMs: number
  readonly #logger = new Logger('Ivh')
  #closeFailed = false

  #shutdownBeganAt: number | undefined
  #closing: Promise<void> | undefined

  /** @throws IvhConfigError for a missing or wrong option, while the application boots. */
  constructor(
    @Inject(IVH_MODULE_OPTIONS) options: IvhModuleOptions,
    @Optional() @Inject(ModulesContainer) modules?: ModulesContainer,
  ) {
    if (typeof options !== 'object' || options === null) {
      throw new IvhConfigError(`The options of IvhModule are ${String(options)}`, {
        code: 'missing-option',
        hint: 'Return an object of options from useFactory, or from create() of the class in useClass.',
      })
    }
    const { shutdownTimeoutMs, logger = createNestLogger(), plugins = [], ...rest } = options
    this.#clock = options.clock ?? systemClock
    this.#shutdownTimeoutMs = resolveShutdownTimeout(shutdownTimeoutMs)
    const registry = modules && ClientRegistry.of(modules)
    const allPlugins = registry ? [...plugins, registry.track(this)] : plugins
    Object.assign(this, createIvhClient({ ...rest, plugins: allPlugins, logger }))
  }

  /** Starts the shutdown's clock: `shutdownTimeoutMs` also covers the hooks of your own modules. */
  onModuleDestroy(): void {
    this.#shutdownBeganAt = this.#clock.now()
  }

  /**
   * Closes all sessions; none can be opened afterwards. Nest calls this before it waits for open HTTP
   * connections. An event stream can keep those open without end, and open sessions cost money.
   */
  beforeApplicationShutdown(): Promise<void> {
    this.#closing ??= this.#closeSessions()
    return this.#closing
  }

  /** Tries a failed close again, after the HTTP server has stopped. */
  async onApplicationShutdown(): Promise<void> {
    if (this.#closeFailed && this.#remainingMs > 0) await this.#closeSessions()
  }

  /** Milliseconds until the deadline of the shutdown. */
  get #remainingMs(): number {
    const now = this.#clock.now()
    return this.#shutdownTimeoutMs - (now - (this.#shutdownBeganAt ?? now))
  }

  async #closeSessions(): Promise<void> {
    const timeoutMs = this.#shutdownTimeoutMs
    try {
      if (await settlesWithin(Math.max(1, this.#remainingMs), this.#clock, this.close())) return
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
