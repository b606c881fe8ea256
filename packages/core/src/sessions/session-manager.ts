import type { Caller } from '../client/call'
import type { ResolvedOptions } from '../client/options'
import { IvhAbortError, IvhPluginError, IvhSessionError } from '../errors'
import type { CreateDraft, SessionContribution } from '../plugins/plugin'
import type { CreateResponse } from '../protocol'
import { sessionStatus } from '../protocol/plain'
import { closeSession } from './close-session'
import { type OpenPhase, type OpenSessionOptions, toCreateDraft } from './open-options'
import { type Playback, playbackOf } from './playback'
import { IvhSession } from './session'
import { waitUntilReady } from './wait-until-ready'

const defaultReadyTimeoutMs = 120_000
const defaultPollIntervalMs = 1_000

/** Opens sessions and remembers them until they are closed. */
export class SessionManager {
  readonly #options: ResolvedOptions
  readonly #call: Caller
  readonly #open = new Set<IvhSession>()
  readonly #opening = new Map<AbortController, Promise<IvhSession>>()
  /** Closes that nobody waits for, and creates whose session must be closed when they answer. */
  readonly #cleanUps = new Set<Promise<void>>()
  #shutDown = false

  constructor(options: ResolvedOptions, call: Caller) {
    this.#options = options
    this.#call = call
  }

  /** The sessions opened here and not yet closed. */
  get list(): readonly IvhSession[] {
    return [...this.#open]
  }

  /**
   * Creates a session, waits until it is ready and starts it. Whatever goes wrong on the way, a
   * session that came into being is closed again. On an abort the promise rejects at once and the
   * close goes on behind; on any other failure it rejects after the close.
   *
   * @throws IvhValidationError, IvhApiError, IvhTransportError, IvhTimeoutError (not ready in time),
   * IvhSessionError (creation failed, closed meanwhile, client closed), IvhAbortError, IvhPluginError.
   */
  async open(options: OpenSessionOptions): Promise<IvhSession> {
    if (this.#shutDown) throw clientClosed()
    const abandon = new AbortController()
    const onAbort = () => abandon.abort(options.signal?.reason)
    if (options.signal?.aborted) onAbort()
    options.signal?.addEventListener('abort', onAbort, { once: true })
    const opening = this.#openUntil(abandon.signal, options)
    this.#opening.set(abandon, opening)
    try {
      return await opening
    } finally {
      this.#opening.delete(abandon)
      options.signal?.removeEventListener('abort', onAbort)
    }
  }

  /**
   * Abandons what is being opened, closes what is open, and waits for every close. Sessions can be
   * opened again afterwards.
   *
   * @throws AggregateError with one error per session that could not be closed.
   */
  async closeAll(): Promise<void> {
    const abandoned = [...this.#opening.values()]
    for (const abandon of this.#opening.keys()) abandon.abort(clientClosed())
    // An abandoned open rejects at once; by then it has registered its clean-up.
    await Promise.allSettled(abandoned)
    const results = await Promise.allSettled(this.list.map((session) => session.close()))
    while (this.#cleanUps.size > 0) await Promise.all(this.#cleanUps)
    const failures = results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason] : [],
    )
    if (failures.length > 0) {
      throw new AggregateError(failures, `${failures.length} session(s) could not be closed`)
    }
  }

  /** Like {@link closeAll}, and refuses to open any more. */
  async shutDown(): Promise<void> {
    this.#shutDown = true
    await this.closeAll()
  }

  async #openUntil(signal: AbortSignal, options: OpenSessionOptions): Promise<IvhSession> {
    const { clock } = this.#options
    const startedAt = clock.now()
    const report = (phase: OpenPhase, sessionId?: string) => {
      try {
        options.onProgress?.({ phase, sessionId, elapsedMs: clock.now() - startedAt })
      } catch (error) {
        this.#options.logger.error(`onProgress threw: ${String(error)}`)
      }
    }

    throwIfAbandoned(signal)
    report('creating')
    const { draft, contributions } = await this.#complete(toCreateDraft(options), signal)
    throwIfAbandoned(signal)
    const created = await this.#create(draft, signal)
    const sessionId = created.SessionId
    try {
      let address = created.PlayStreamAddr ?? undefined
      if (created.SessionStatus !== sessionStatus.ready) {
        report('preparing', sessionId)
        address =
          (await waitUntilReady(this.#call, clock, {
            sessionId,
            signal,
            timeoutMs: options.readyTimeoutMs ?? defaultReadyTimeoutMs,
            pollIntervalMs: options.pollIntervalMs ?? defaultPollIntervalMs,
            onPoll: () => report('preparing', sessionId),
          })) ?? address
      }
      report('starting', sessionId)
      await this.#call('startSession', { SessionId: sessionId }, { signal })
      throwIfAbandoned(signal, sessionId)
      const session = this.#remember(sessionId, options.userId, address, contributions)
      report('ready', sessionId)
      return session
    } catch (error) {
      const closed = this.#cleanUp(() => closeSession(this.#call, clock, sessionId), sessionId)
      if (!signal.aborted) await closed
      throw signal.aborted ? abandonedError(signal, sessionId) : error
    }
  }

  async #complete(
    draft: CreateDraft,
    signal: AbortSignal,
  ): Promise<{ draft: CreateDraft; contributions: SessionContribution[] }> {
    const { clock, createId } = this.#options
    const contributions: SessionContribution[] = []
    let completed = draft
    for (const plugin of this.#options.plugins) {
      try {
        const context = { signal, createId, now: () => clock.now() }
        const contribution = await abandonable(signal, plugin.onOpen?.(completed, context))
        if (!contribution) continue
        contributions.push(contribution)
        completed = contribution.request ?? completed
      } catch (cause) {
        if (signal.aborted) throw cause
        throw new IvhPluginError(plugin.name, 'onOpen', cause)
      }
    }
    return { draft: completed, contributions }
  }

  /**
   * The create call does not get the caller's signal: cut short, it would leave a session nobody knows
   * of. An abandoned create runs to its end behind, and what it created is closed.
   */
  async #create(draft: CreateDraft, signal: AbortSignal): Promise<CreateResponse> {
    const creating =
      draft.VirtualmanProjectId === undefined
        ? this.#call('createSessionByAsset', draft)
        : this.#call('createSession', draft)
    try {
      return await abandonable(signal, creating)
    } catch (error) {
      if (signal.aborted) {
        void this.#cleanUp(async () => {
          const created = await creating.catch(() => undefined)
          if (created) await closeSession(this.#call, this.#options.clock, created.SessionId)
        })
      }
      throw error
    }
  }

  #remember(
    id: string,
    userId: string,
    address: string | undefined,
    contributions: readonly SessionContribution[],
  ): IvhSession {
    const playback = (): Playback =>
      Object.assign({}, playbackOf(address), ...contributions.map((part) => part.playback?.()))
    const session = new IvhSession(this.#call, this.#options.clock, {
      id,
      userId,
      playback,
      onClosed: () => this.#open.delete(session),
    })
    this.#open.add(session)
    return session
  }

  /** Runs a close that must happen whoever waits for it; its failure is logged, not thrown. */
  #cleanUp(task: () => Promise<void>, sessionId?: string): Promise<void> {
    const running = task()
      .catch((error: unknown) => {
        this.#options.logger.error(
          `Session ${sessionId ?? '(unknown)'} could not be closed and may still be paid for: ${String(error)}`,
        )
      })
      .finally(() => this.#cleanUps.delete(running))
    this.#cleanUps.add(running)
    return running
  }
}

/** Waits for `work`, but no longer than until the signal fires; `work` itself goes on. */
async function abandonable<Value>(
  signal: AbortSignal,
  work: Value | PromiseLike<Value>,
): Promise<Value> {
  throwIfAbandoned(signal)
  let onAbort = () => {}
  const abandoned = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(abandonedError(signal))
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([work, abandoned])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function throwIfAbandoned(signal: AbortSignal, sessionId?: string): void {
  if (signal.aborted) throw abandonedError(signal, sessionId)
}

function abandonedError(signal: AbortSignal, sessionId?: string): Error {
  if (signal.reason instanceof IvhSessionError) return signal.reason
  return new IvhAbortError('Opening the session was aborted by its AbortSignal', {
    sessionId,
    cause: signal.reason,
  })
}

function clientClosed(): IvhSessionError {
  return new IvhSessionError('client-closed', 'The IVH client has been closed', {
    next: 'Create a new client, or stop opening sessions during shutdown.',
  })
}
