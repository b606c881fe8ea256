import { checkSignal } from '@ivh-kit/kernel'
import { createConcurrencyLimit } from '../async/concurrency-limit'
import { onAbort } from '../async/on-abort'
import { type SharedTask, shareTask } from '../async/shared-task'
import { type Caller, cloneOptions } from '../calls/call'
import type { IvhSession } from '../contracts/session'
import { IvhValidationError } from '../errors'
import { abandonedError, abortedByCaller, clientClosed } from '../errors/abandonment'
import type { ResolvedOptions } from '../options/resolve-options'
import type { ListedSession } from '../protocol'
import { type CloseOrphansOptions, closeOrphans, throwCloseFailures } from './close-orphans'
import { checkOptionNames, type OpenSessionOptions } from './opening/open-options'
import { openSession } from './opening/open-session'
import type { OpeningContext } from './opening/opening-context'
import { type ResumeOptions, resolveResume, resumeSession } from './opening/resume-session'
import { type Account, SessionRegistry } from './registry/session-registry'
import type { Session } from './session/session'
import { createExplainExhausted } from './waiting/active-sessions'
import { createQuotaQueue } from './waiting/quota-queue'

/** Opens sessions and keeps track of them until they are closed. */
export class SessionManager {
  readonly #context: Omit<OpeningContext, 'signal'>
  readonly #registry: SessionRegistry
  /** The opens and resumes in progress, which `closeAll` aborts. */
  readonly #inProgress = new Map<AbortController, Promise<IvhSession>>()
  readonly #resuming = new Map<string, SharedTask<IvhSession>>()
  #shutDown = false

  /** @internal A client creates its manager: `ivh.sessions`. */
  constructor(options: ResolvedOptions, call: Caller, account: Account) {
    const quota = createQuotaQueue(options)
    this.#registry = new SessionRegistry(options, call, account, () => quota.released())
    this.#context = {
      options,
      call,
      quota,
      registry: this.#registry,
      explainExhausted: createExplainExhausted(options, call, (id) => this.#registry.isKnown(id)),
      polls: createConcurrencyLimit(options.steady, options.pollsAtOnce),
    }
  }

  /**
   * The sessions that this client opened or resumed and that are not closed. A session whose opening failed
   * is listed only when its close failed too; see {@link SessionState}.
   */
  get list(): readonly IvhSession[] {
    return this.#registry.all
  }

  /**
   * Creates a session, waits until it is ready and starts it. After a failure the session is closed again.
   * After an abort, and when the create call gets no response, the promise rejects at once and the close
   * continues in the background. After any other failure the promise rejects when the session is closed, or
   * after the client's `timeoutMs`. A failed close is repeated in the background.
   *
   * When the outcome of a create is unknown, the account's list is searched for its UserId, and a session
   * that is in progress, not started and unknown to this client is closed. The service allows one session
   * per UserId, so it belongs to that create; but a session that another process is just opening with the
   * same UserId looks the same. Let only one process open sessions for a given UserId.
   *
   * The service closes an earlier session with the same UserId. The earlier handle ends with the reason
   * `replaced`.
   *
   * Only one open per UserId runs at a time: a second open is refused while the first runs, and waits while
   * the session of an earlier or aborted open is being closed.
   *
   * @throws IvhConfigError, IvhValidationError, IvhPluginError (nothing was sent; each plugin may take the
   * client's `timeoutMs`); IvhApiError, IvhTransportError, IvhResponseShapeError; IvhTimeoutError (no
   * response, or not ready in time); IvhSessionError (creation failed, closed meanwhile, client closed,
   * UserId already being opened); IvhAbortError.
   */
  async open(options: OpenSessionOptions): Promise<IvhSession> {
    if (this.#shutDown) throw clientClosed()
    checkOpenOptions(options)
    const { onProgress, signal, ...plain } = options
    // Copy the options: the caller may change the object for the next open.
    const given: OpenSessionOptions = { ...cloneOptions(plain), onProgress, signal }
    const release = this.#registry.account.userIds.acquire(given.userId)
    const abandon = new AbortController()
    const abort = () => signal && abandon.abort(abortedByCaller(signal))
    if (signal?.aborted) abort()
    const stopListening = signal && onAbort(signal, abort)
    const { observation } = this.#context.options
    const opening = observation.openings<Session>(given.userId, (observed) => {
      const call: Caller = (name, payload, callOptions) =>
        this.#context.call(name, payload, { ...callOptions, openId: observed.openId })
      const context = { ...this.#context, call, signal: abandon.signal }
      return openSession(context, given, observed).catch((error: unknown) => {
        throw this.#registry.cleanup.describe(given.userId, error)
      })
    })
    this.#track(abandon, opening, given.userId, release)
    try {
      const session = await opening
      if (!abandon.signal.aborted) return session
      // Close the session: the signal fired after the last step, so the caller will not close it.
      const { cleanup } = this.#registry
      void cleanup.close(session)
      throw cleanup.describe(given.userId, abandonedError(abandon.signal, session.id))
    } finally {
      stopListening?.()
    }
  }

  /**
   * Resumes a session that is already running, opened by another process or before a restart: waits until it
   * is ready, starts it if necessary, and drives it from here. A session that this client already has, or is
   * resuming, is returned as it is; the options of the first call apply. A close in progress is awaited. A
   * session whose close failed is resumed, and its close is no longer repeated.
   *
   * An abort, `closeAll` and every failure leave the session open. It may have been started.
   *
   * @throws IvhSessionError when the session is closed or failed, or its UserId is being opened; otherwise
   * like {@link open}.
   */
  async resume(sessionId: string, options: ResumeOptions = {}): Promise<IvhSession> {
    if (this.#shutDown) throw clientClosed()
    const resolved = resolveResume(options)
    const { signal } = options
    if (signal?.aborted) throw abortedByCaller(signal)
    const known = this.#registry.openSession(sessionId)
    if (known) return known
    const running = this.#resuming.get(sessionId)
    if (running && !running.isAborted) return running.join(signal)

    const { userId } = resolved
    const release = userId === '' ? () => {} : this.#registry.account.userIds.acquire(userId)
    const controller = new AbortController()
    const context = { ...this.#context, signal: controller.signal }
    const result = resumeSession(context, sessionId, resolved)
    this.#track(controller, result, userId, release)
    const isDone = () => this.#registry.openSession(sessionId) !== undefined
    const task = shareTask<IvhSession>(controller, result, isDone, abortedByCaller)
    this.#resuming.set(sessionId, task)
    const forget = () => {
      if (this.#resuming.get(sessionId) === task) this.#resuming.delete(sessionId)
    }
    result.then(forget, forget)
    return task.join(signal)
  }

  /**
   * Aborts opens and resumes in progress, closes all sessions (12 at once) and waits for one attempt of each
   * close. For creates whose outcome is unknown it searches the account's list once more. Sessions that were
   * being resumed stay open. Sessions can be opened again afterwards.
   *
   * @throws AggregateError with one error per session that could not be closed, per search that failed, and
   * per create that may still take effect (IvhSessionError, `outcome-unknown`). Such sessions stay in `list`. The closes and searches are repeated in the background, and by another
   * call.
   */
  async closeAll(): Promise<void> {
    const aborted = [...this.#inProgress.values()]
    for (const controller of this.#inProgress.keys()) controller.abort(clientClosed())
    // Wait for the aborted opens: when they have rejected, cleanup tracks the close of each session.
    await Promise.allSettled(aborted)
    const closes = await Promise.allSettled(this.list.map((session) => session.close()))
    const searches = await Promise.allSettled(this.#registry.cleanup.settle())
    throwCloseFailures([...closes, ...searches])
  }

  /**
   * Closes the sessions that an ended process left open: those of the account for which `isMine` returns
   * true and that this client neither has nor opens. Call it when a process starts.
   *
   * @returns The closed sessions.
   * @throws AggregateError with one error per session that could not be closed; the errors of the list call
   * and of `isMine`; IvhConfigError when `isMine` does not return a boolean (nothing is closed then);
   * IvhAbortError, after the closes in progress.
   * @example
   * await ivh.sessions.closeOrphans({ isMine: ({ UserId }) => UserId.startsWith('kiosk-') })
   */
  async closeOrphans(options: CloseOrphansOptions): Promise<readonly ListedSession[]> {
    const registry = this.#registry
    const isInUse = ({ SessionId, UserId }: ListedSession) =>
      registry.isKnown(SessionId) ||
      this.#resuming.has(SessionId) ||
      registry.account.userIds.isTaken(UserId)
    return closeOrphans(this.#context.call, registry, isInUse, options)
  }

  /** @internal Like {@link closeAll}, and refuses to open sessions afterwards. */
  async shutDown(): Promise<void> {
    this.#shutDown = true
    await this.closeAll()
  }

  /** Tracks an open or resume, and releases its UserId when it has ended or is aborted. */
  #track(
    controller: AbortController,
    work: Promise<IvhSession>,
    userId: string,
    release: () => void,
  ): void {
    this.#inProgress.set(controller, work)
    const onAborted = () => {
      release()
      this.#registry.account.userIds.block(userId, work)
    }
    if (controller.signal.aborted) onAborted()
    const stopListening = onAbort(controller.signal, onAborted)
    const done = () => {
      this.#inProgress.delete(controller)
      release()
      stopListening()
    }
    work.then(done, done)
  }
}

/** @throws IvhValidationError or IvhConfigError for untyped callers. */
function checkOpenOptions(options: OpenSessionOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new IvhValidationError([{ path: 'options', message: 'of sessions.open are required' }])
  }
  checkOptionNames(options)
  checkSignal(options.signal)
}
