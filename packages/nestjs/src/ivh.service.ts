import {
  type Acknowledgement,
  type CallOptions,
  type CallPayload,
  type CreateResponse,
  createIvhClient,
  type IvhClient,
  type SessionManager,
  type StatSessionResponse,
  systemClock,
} from '@ivh-kit/core'
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common'
import type { IvhModuleOptions } from './ivh.interfaces'
import { IVH_MODULE_OPTIONS } from './ivh.module-definition'
import { createNestLogger } from './nest-logger'

const defaultShutdownTimeoutMs = 10_000

/**
 * The IVH client as a Nest provider, with the same surface. When the application shuts down it closes
 * every session that is still open; call `app.enableShutdownHooks()` so that SIGTERM does that too.
 */
@Injectable()
export class IvhService implements IvhClient, OnApplicationShutdown {
  readonly #client: IvhClient
  readonly #options: IvhModuleOptions
  readonly #logger = new Logger('Ivh')

  /** @throws IvhConfigError at boot when an option is missing or wrong. */
  constructor(@Inject(IVH_MODULE_OPTIONS) options: IvhModuleOptions) {
    this.#options = options
    this.#client = createIvhClient({ ...options, logger: options.logger ?? createNestLogger() })
  }

  get sessions(): SessionManager {
    return this.#client.sessions
  }

  createSessionByAsset(
    payload: CallPayload<'createSessionByAsset'>,
    options?: CallOptions,
  ): Promise<CreateResponse> {
    return this.#client.createSessionByAsset(payload, options)
  }

  createSession(
    payload: CallPayload<'createSession'>,
    options?: CallOptions,
  ): Promise<CreateResponse> {
    return this.#client.createSession(payload, options)
  }

  statSession(
    payload: CallPayload<'statSession'>,
    options?: CallOptions,
  ): Promise<StatSessionResponse> {
    return this.#client.statSession(payload, options)
  }

  startSession(
    payload: CallPayload<'startSession'>,
    options?: CallOptions,
  ): Promise<Acknowledgement> {
    return this.#client.startSession(payload, options)
  }

  closeSession(
    payload: CallPayload<'closeSession'>,
    options?: CallOptions,
  ): Promise<Acknowledgement> {
    return this.#client.closeSession(payload, options)
  }

  command(payload: CallPayload<'command'>, options?: CallOptions): Promise<Acknowledgement> {
    return this.#client.command(payload, options)
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Nest calls this after the HTTP server has stopped: no request can open a session any more. */
  async onApplicationShutdown(): Promise<void> {
    const timeoutMs = this.#options.shutdownTimeoutMs ?? defaultShutdownTimeoutMs
    const open = this.sessions.list.length
    let cancel = () => {}
    const timedOut = new Promise<'timed-out'>((resolve) => {
      cancel = (this.#options.clock ?? systemClock).after(timeoutMs, () => resolve('timed-out'))
    })
    try {
      const outcome = await Promise.race([this.close(), timedOut])
      if (outcome !== 'timed-out') return
      this.#logger.error(
        `${this.sessions.list.length} of ${open} sessions were not closed within ${timeoutMs} ms and may still be paid for`,
      )
    } catch (error) {
      this.#logger.error(
        `Closing the sessions failed; some may still be paid for: ${String(error)}`,
      )
    } finally {
      cancel()
    }
  }
}
