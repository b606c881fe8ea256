import type { Caller } from '../client/call'
import { withDeadline } from '../client/deadline'
import { onAbort } from '../client/on-abort'
import type { ResolvedOptions } from '../client/options'
import { checkDuration, longestDelayMs } from '../duration'
import { IvhTimeoutError, isIvhError } from '../errors'
import { mayHaveTakenEffect } from '../errors/may-have-taken-effect'
import { Contributions } from '../plugins/contributions'
import type { Opening } from '../plugins/opening'
import type { CreateDraft } from '../plugins/plugin'
import type { CreateResponse, DriverType } from '../protocol'
import { sessionStatus } from '../protocol/plain'
import { abandonedError, abortedByCaller, clientClosed, throwIfAbandoned } from './abandonment'
import { type ChannelOptions, type ResolvedChannel, resolveChannel } from './channel-options'
import { completeDraft, completeResume } from './complete-draft'
import { type OpenPhase, type OpenSessionOptions, toCreateDraft } from './open-options'
import { type Playback, playbackOf } from './playback'
import { findLeftBehind } from './reconcile-create'
import { IvhSession, type SessionParts } from './session'
import { UserIdGate } from './user-id-gate'
import { waitUntilReady } from './wait-until-ready'

const defaultReadyTimeoutMs = 120_000
const defaultPollIntervalMs = 1_000

/** How a running session is taken hold of. */
export interface ResumeOptions {
  /** The UserId it was opened with, for your own use. Default empty. */
  readonly userId?: string | undefined
  /** What it was opened with; lets `sendAudio` refuse early. */
  readonly driverType?: DriverType | undefined
  readonly channel?: ChannelOptions | undefined
  /** The `session.pluginState` that was stored when it was open before. Default: plugins know nothing of it. */
  readonly pluginState?: Readonly<Record<string, string>> | undefined
  /** Gives up; the session is left as it is. */
  readonly signal?: AbortSignal | undefined
}

/** Opens sessions and remembers them until they are closed. */
export class SessionManager {
  readonly #options: ResolvedOptions
  readonly #call: Caller
  readonly #open = new Set<IvhSession>()
  readonly #opening = new Map<AbortController, Promise<IvhSession>>()
  /** Closes of sessions that nobody holds; each rejects when its session may still be open. */
  readonly #discards = new Set<Promise<void>>()
  readonly #userIds = new UserIdGate()
  #shutDown = false

  /** @internal The manager of a client is `ivh.sessions`. */
  constructor(options: ResolvedOptions, call: Caller) {
    this.#options = options
    this.#call = call
  }

  /**
   * The sessions opened here and not yet closed. One whose opening failed is among them only when it
   * could not be closed, so that its close can be tried again.
   */
  get list(): readonly IvhSession[] {
    return [...this.#open]
  }

  /**
   * Creates a session, waits until it is ready and starts it. Whatever goes wrong on the way, a
   * session that came into being is closed again. On an abort, and when the create call is not
   * answered, the promise rejects at once and the close goes on behind; on any other failure it rejects
   * after the close. A create without an answer is looked up in the account's list by its UserId.
   *
   * There is one open per UserId at a time: a second one is refused while the first is under way, and
   * waits while what an earlier one left behind is being closed.
   *
   * @throws IvhConfigError, IvhValidationError, IvhPluginError (nothing was sent); IvhApiError,
   * IvhTransportError, IvhResponseShapeError; IvhTimeoutError (no answer, or not ready in time);
   * IvhSessionError (creation failed, closed meanwhile, client closed, UserId already being opened);
   * IvhAbortError.
   */
  async open(options: OpenSessionOptions): Promise<IvhSession> {
    if (this.#shutDown) throw clientClosed()
    const { signal } = options
    const leave = this.#userIds.enter(options.userId)
    const abandon = new AbortController()
    const giveUp = () => signal && abandon.abort(abortedByCaller(signal))
    if (signal?.aborted) giveUp()
    const forget = signal && onAbort(signal, giveUp)
    const opening = this.#options.observation.openings(options.userId, (told) =>
      this.#openUntil(abandon.signal, options, told),
    )
    this.#opening.set(abandon, opening)
    try {
      const session = await opening
      if (!abandon.signal.aborted) return session
      // It fired after the last step: the caller has given up, so nobody would close the session.
      void this.#behind(session.userId, this.#discard(session))
      throw abandonedError(abandon.signal, session.id)
    } finally {
      this.#opening.delete(abandon)
      leave()
      forget?.()
    }
  }

  /**
   * Abandons what is being opened, closes what is open, and waits for every close. Sessions can be
   * opened again afterwards.
   *
   * @throws AggregateError with one error per session that could not be closed. Those stay in `list`;
   * calling again tries them again.
   */
  async closeAll(): Promise<void> {
    const abandoned = [...this.#opening.values()]
    for (const abandon of this.#opening.keys()) abandon.abort(clientClosed())
    // An abandoned open rejects at once; by then the close of its session is among the discards.
    await Promise.allSettled(abandoned)
    const results = await Promise.allSettled([
      ...this.list.map((session) => session.close()),
      ...this.#discards,
    ])
    const failures = new Set(
      results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : [])),
    )
    if (failures.size > 0) {
      throw new AggregateError(
        failures,
        `${failures.size} session(s) could not be closed and may still be paid for`,
      )
    }
  }

  /**
   * Takes hold of a session that runs already, opened by another process or before a restart: waits until
   * it is ready, starts it if nobody has, and drives it from here. One that is open here is given as it is.
   * When this rejects, nothing has been closed.
   *
   * Plugins take hold of it as well, with what {@link ResumeOptions.pluginState} tells them.
   *
   * @throws IvhSessionError when it is closed or failed; else like {@link open}.
   */
  async resume(sessionId: string, options: ResumeOptions = {}): Promise<IvhSession> {
    if (this.#shutDown) throw clientClosed()
    const channel = resolveChannel(options.channel)
    const known = this.list.find(({ id }) => id === sessionId)
    if (known) return known
    const { clock, timeoutMs: callTimeoutMs } = this.#options
    const signal = options.signal ?? new AbortController().signal
    const startedAt = clock.now()
    const { driverType, pluginState, userId = '' } = options
    const resumed = { sessionId, userId, pluginState }
    const contributions = await completeResume(resumed, this.#options, signal)
    const answer = await this.#call('statSession', { SessionId: sessionId }, { signal })
    let address = answer.PlayStreamAddr ?? undefined
    if (answer.SessionStatus !== sessionStatus.ready) {
      const wait = { sessionId, signal, callTimeoutMs, onPoll: () => {} }
      const pace = { pollIntervalMs: defaultPollIntervalMs, timeoutMs: defaultReadyTimeoutMs }
      address = (await waitUntilReady(this.#call, clock, { ...wait, ...pace })) ?? address
    }
    if (!answer.IsSessionStarted) {
      await this.#call('startSession', { SessionId: sessionId }, { signal })
    }
    throwIfAbandoned(signal, sessionId)
    if (this.#shutDown) throw clientClosed()
    const playback = () => ({ ...playbackOf(address), ...contributions.playback() })
    const how = { channel, driverType, contributions }
    const session = this.#session(sessionId, userId, playback, how)
    this.#open.add(session)
    const elapsedMs = clock.now() - startedAt
    this.#options.observation.sessions.opened(session, { openId: undefined, elapsedMs })
    this.#keepOpen(session, channel)
    return session
  }

  /** Like {@link closeAll}, and refuses to open any more. */
  async shutDown(): Promise<void> {
    this.#shutDown = true
    await this.closeAll()
  }

  async #openUntil(
    signal: AbortSignal,
    options: OpenSessionOptions,
    opening: Opening,
  ): Promise<IvhSession> {
    const { clock, timeoutMs: callTimeoutMs } = this.#options
    const {
      userId,
      readyTimeoutMs = defaultReadyTimeoutMs,
      pollIntervalMs = defaultPollIntervalMs,
    } = options
    checkDuration('readyTimeoutMs', readyTimeoutMs)
    checkDuration('pollIntervalMs', pollIntervalMs)
    const channel = resolveChannel(options.channel)
    throwIfAbandoned(signal)
    const report = this.#reporter(options)
    report('creating')
    await this.#userIds.free(userId, clock, signal)
    throwIfAbandoned(signal)
    const completed = await completeDraft(toCreateDraft(options), this.#options, opening, signal)
    throwIfAbandoned(signal)
    const { contributions } = completed
    const created = await this.#create(completed.draft, signal)

    const sessionId = created.SessionId
    let address = created.PlayStreamAddr ?? undefined
    const session = this.#session(
      sessionId,
      userId,
      () => ({ ...playbackOf(address), ...contributions.playback() }),
      { channel, driverType: completed.draft.DriverType, contributions },
    )
    try {
      if (created.SessionStatus !== sessionStatus.ready) {
        report('preparing', sessionId)
        const onPoll = () => report('preparing', sessionId)
        const wait = { sessionId, signal, pollIntervalMs, callTimeoutMs, onPoll }
        address =
          (await waitUntilReady(this.#call, clock, { ...wait, timeoutMs: readyTimeoutMs })) ??
          address
      }
      report('starting', sessionId)
      await this.#call('startSession', { SessionId: sessionId }, { signal })
      throwIfAbandoned(signal, sessionId)
    } catch (error) {
      const closed = this.#behind(userId, this.#discard(session))
      await this.#settled(closed, signal)
      throw signal.aborted ? abandonedError(signal, sessionId) : error
    }
    this.#open.add(session)
    report('ready', sessionId)
    this.#keepOpen(session, channel)
    return session
  }

  /**
   * The create call does not get the caller's signal, and more time than the caller waits: cut short,
   * it would leave a session nobody knows of. What an abandoned or late create brings is closed.
   */
  async #create(draft: CreateDraft, signal: AbortSignal): Promise<CreateResponse> {
    const { clock, createId, timeoutMs } = this.#options
    const ReqId = createId()
    const patienceMs = Math.min(2 * timeoutMs, longestDelayMs)
    // A create that nobody waits for any more is not sent a second time.
    const waiting = new AbortController()
    const patience = { timeoutMs: patienceMs, deadlineMs: patienceMs, giveUp: waiting.signal }
    const creating =
      draft.VirtualmanProjectId === undefined
        ? this.#call('createSessionByAsset', { ...draft, ReqId }, patience)
        : this.#call('createSession', { ...draft, ReqId }, patience)
    let failure: unknown
    try {
      const answer = await withDeadline(() => creating, { clock, timeoutMs, signal })
      if (answer.interrupted === undefined) return answer.value
      failure =
        answer.interrupted === 'aborted' ? abandonedError(signal) : unanswered(timeoutMs, ReqId)
    } catch (error) {
      failure = error
    }
    waiting.abort()
    const closed = this.#behind(draft.UserId, this.#discardCreated(creating, draft))
    // A late answer is not waited for, nor is the list; a session whose id is known is.
    if (!(failure instanceof IvhTimeoutError) && sessionLeftBy(failure, draft) !== undefined) {
      await this.#settled(closed, signal)
    }
    throw signal.aborted ? abandonedError(signal) : failure
  }

  async #discardCreated(creating: Promise<CreateResponse>, draft: CreateDraft): Promise<void> {
    const ids = await creating.then(
      (created) => [created.SessionId],
      (error: unknown) => this.#leftBehind(error, draft),
    )
    await Promise.all(ids.map((id) => this.#discard(this.#session(id, draft.UserId, () => ({})))))
  }

  /** The sessions that a failed create may have brought into being. */
  async #leftBehind(error: unknown, draft: CreateDraft): Promise<readonly string[]> {
    const id = sessionLeftBy(error, draft)
    if (id !== undefined) return [id]
    if (!isIvhError(error) || !mayHaveTakenEffect(error)) return []
    const known = (sessionId: string) => this.list.some((session) => session.id === sessionId)
    try {
      return await findLeftBehind(this.#call, this.#options.clock, draft.UserId, known)
    } catch (failure) {
      this.#options.logger.error(
        `A create for the UserId ${draft.UserId} was not answered, and whether it left a session open could not be found out: ${String(failure)}`,
      )
      throw failure
    }
  }

  /** The session works without its channel; what keeps it from opening is told by events. */
  #keepOpen(session: IvhSession, { keepOpen }: ResolvedChannel): void {
    if (keepOpen) session.connect().catch(() => {})
  }

  #session(
    id: string,
    userId: string,
    playback: () => Playback,
    how: Pick<SessionParts, 'channel' | 'driverType' | 'contributions'> = {
      channel: resolveChannel(),
      driverType: undefined,
      contributions: new Contributions([]),
    },
  ): IvhSession {
    const session: IvhSession = new IvhSession(this.#call, this.#options, {
      id,
      userId,
      playback,
      ...how,
      onClosed: () => this.#open.delete(session),
    })
    return session
  }

  /** Closes a session that nobody holds. When that fails it is listed, for closeAll to try again. */
  async #discard(session: IvhSession): Promise<void> {
    try {
      await session.close()
    } catch (error) {
      this.#open.add(session)
      this.#options.logger.error(
        `Session ${session.id} could not be closed and may still be paid for: ${String(error)}`,
      )
      throw error
    }
  }

  /** Remembers a close for closeAll, which reports its failure; nobody else has to. */
  #behind(userId: string, close: Promise<void>): Promise<void> {
    const tracked = close.finally(() => this.#discards.delete(tracked))
    tracked.catch(() => {})
    this.#discards.add(tracked)
    this.#userIds.hold(userId, tracked)
    return tracked
  }

  /** Waits for a close however it ends, but no longer than until the signal fires. */
  async #settled(close: Promise<void>, signal: AbortSignal): Promise<void> {
    await withDeadline(() => close, { clock: this.#options.clock, signal }).catch(() => {})
  }

  #reporter({ onProgress }: OpenSessionOptions): (phase: OpenPhase, sessionId?: string) => void {
    const { clock, logger } = this.#options
    const startedAt = clock.now()
    const complain = (error: unknown) => logger.error(`onProgress failed: ${String(error)}`)
    return (phase, sessionId) => {
      try {
        const elapsedMs = clock.now() - startedAt
        const returned: unknown = onProgress?.({ phase, sessionId, elapsedMs })
        // An async function fits the type; its rejection must not end the process.
        if (returned instanceof Promise) returned.catch(complain)
      } catch (error) {
        complain(error)
      }
    }
  }
}

/** The id of a session that a failed create may have left behind, when anything tells it. */
function sessionLeftBy(error: unknown, draft: CreateDraft): string | undefined {
  if (!isIvhError(error)) return undefined
  if (error.kind === 'response-shape') return sessionIdIn(error.body)
  // In a private deployment the caller may have chosen the id. The request may have arrived.
  return error.kind === 'transport' || error.kind === 'timeout' ? draft.SessionId : undefined
}

function sessionIdIn(body: unknown): string | undefined {
  const payload = memberOf(body, 'Payload')
  const id = memberOf(payload, 'SessionId')
  return typeof id === 'string' && id !== '' ? id : undefined
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function unanswered(timeoutMs: number, reqId: string): IvhTimeoutError {
  return new IvhTimeoutError(`The create call was not answered within ${timeoutMs} ms`, timeoutMs, {
    reqId,
    next: 'Check the network; a session that it still brings is looked for and closed. Then try again.',
  })
}
