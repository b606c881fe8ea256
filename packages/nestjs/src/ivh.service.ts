import {
  type Acknowledgement,
  type CallOptions,
  type CallPayload,
  type Clock,
  type CreateResponse,
  createIvhClient,
  type GetTrtcSignResponse,
  type IvhClient,
  type ListSessionsResponse,
  type PathCallOptions,
  type SessionManager,
  type StatSessionResponse,
  systemClock,
} from '@ivh-kit/core'
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
import { reasonsOf, resolveShutdownTimeout, within } from './shutdown'

/**
 * The IVH client as a Nest provider, with the same surface. When the application shuts down it closes
 * every session that is still open; call `app.enableShutdownHooks()` so that SIGTERM does that too.
 */
@Injectable()
export class IvhService implements IvhClient, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #client: IvhClient
  readonly #clock: Clock
  readonly #shutdownTimeoutMs: number
  readonly #logger = new Logger('Ivh')
  #closeFailed = false

  /** @throws IvhConfigError at boot when an option is missing or wrong. */
  constructor(@Inject(IVH_MODULE_OPTIONS) options: IvhModuleOptions) {
    this.#clock = options.clock ?? systemClock
    this.#shutdownTimeoutMs = resolveShutdownTimeout(options.shutdownTimeoutMs)
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

  listSessionOfUin(
    payload?: CallPayload<'listSessionOfUin'>,
    options?: CallOptions,
  ): Promise<ListSessionsResponse> {
    return this.#client.listSessionOfUin(payload, options)
  }

  listSessionOfProjectId(
    payload: CallPayload<'listSessionOfProjectId'>,
    options?: CallOptions,
  ): Promise<ListSessionsResponse> {
    return this.#client.listSessionOfProjectId(payload, options)
  }

  listSessionOfAssetVk(
    payload: CallPayload<'listSessionOfAssetVk'>,
    options?: CallOptions,
  ): Promise<ListSessionsResponse> {
    return this.#client.listSessionOfAssetVk(payload, options)
  }

  /** @deprecated By the vendor: it gets no new features. */
  updateSessionConfig(
    payload: CallPayload<'updateSessionConfig'>,
    options?: CallOptions,
  ): Promise<Acknowledgement> {
    return this.#client.updateSessionConfig(payload, options)
  }

  getTrtcSign(
    payload: CallPayload<'getTrtcSign'>,
    options?: CallOptions,
  ): Promise<GetTrtcSignResponse> {
    return this.#client.getTrtcSign(payload, options)
  }

  command(payload: CallPayload<'command'>, options?: CallOptions): Promise<Acknowledgement> {
    return this.#client.command(payload, options)
  }

  call(path: string, payload?: object, options?: PathCallOptions): Promise<unknown> {
    return this.#client.call(path, payload, options)
  }

  /** Its sessions are not closed when the application shuts down: close it yourself. */
  withOptions(changes: Parameters<IvhClient['withOptions']>[0]): IvhClient {
    return this.#client.withOptions(changes)
  }

  preload(): Promise<void> {
    return this.#client.preload()
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * Nest calls this before it waits for the connections of the HTTP server, which an event stream can
   * keep open for ever: paid sessions must not wait for that. Nothing can be opened from here on.
   */
  beforeApplicationShutdown(): Promise<void> {
    return this.#closeSessions()
  }

  /** Once more when the HTTP server has stopped: a session whose close failed gets a second chance. */
  async onApplicationShutdown(): Promise<void> {
    if (this.#closeFailed) await this.#closeSessions()
  }

  async #closeSessions(): Promise<void> {
    const timeoutMs = this.#shutdownTimeoutMs
    try {
      if (await within(timeoutMs, this.#clock, this.close())) return
      const ids = this.sessions.list.map(({ id }) => id)
      this.#logger.error(
        `Closing the sessions took longer than ${timeoutMs} ms; they may still be paid for: ${ids.join(', ') || 'one that was being opened'}`,
      )
    } catch (error) {
      this.#closeFailed = true
      this.#logger.error(
        `Closing the sessions failed; some may still be paid for: ${reasonsOf(error)}`,
      )
    }
  }
}
