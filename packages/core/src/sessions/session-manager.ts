import { checkSignal } from '@ivh-kit/kernel'
import { ConcurrencyLimit } from '../async/concurrency-limit'
import { onAbort } from '../async/on-abort'
import { withDeadline } from '../async/with-deadline'
import type { Caller } from '../calls/call'
import { cloneOptions } from '../calls/clone-options'
import { endOfCode } from '../channel/channel-end'
import type { ResolvedOptions } from '../client/options'
import { IvhValidationError } from '../errors'
import type { ListedSession } from '../protocol'
import { abandonedError, abortedByCaller, clientClosed } from './abandonment'
import type { Account } from './account'
import type { ResolvedChannel } from './channel-options'
import { type CloseOrphansOptions, closeOrphans } from './close-orphans'
import { closeSession } from './close-session'
import { Discards } from './discards'
import { HeldSessions } from './held-sessions'
import type { OpenSessionOptions } from './open-options'
import type { HoldingContext } from './opening-context'
import { type ResumeOptions, resolveResume } from './resume-options'
import { endSession, IvhSession, type OpenedSession } from './session'
import { SessionOpener } from './session-opener'
import { SharedTask } from './shared-task'

/** The most closes at once. */
const closesAtOnce = 12

/** Opens sessions and remembers them until they are closed. */
export class SessionManager {
  readonly #account: Account
  readonly #open: HeldSessions
  /** What `closeAll` abandons. */
  readonly #underWay = new Map<AbortController, Promise<IvhSession>>()
  readonly #resuming = new Map<string, SharedTask<IvhSession>>()
  readonly #context: HoldingContext
  readonly #opener: SessionOpener
  #shutDown = false

  /** @internal The manager of a client is `ivh.sessions`. */
  constructor(options: ResolvedOptions, call: Caller, account: Account) {
    const { held, userIds } = account
    const isHeld = (sessionId: string) => held.withId(sessionId).length > 0
    this.#account = account
    this.#open = new HeldSessions(held)
    this.#context = {
      options,
      call,
      userIds,
      isHeld,
      discards: new Discards(options, userIds),
      closes: new ConcurrencyLimit(options.clock, closesAtOnce),
      make: (parts, onClosed) => this.#make(parts, onClosed),
      hold: (session, channel) => this.#hold(session, channel),
      replaced: (userId, sessionId) => this.#replaced(userId, sessionId),
      reclaim: (sessionId, signal) => this.#reclaim(sessionId, signal),
    }
    this.#opener = new SessionOpener(this.#context)
  }

  /**
   * The sessions opened here and not yet closed. One whose opening failed is among them only when it
   * could not be closed; see {@link SessionState}.
   */
  get list(): readonly IvhSession[] {
    return this.#open.all
  }

  /**
   * Creates a session, waits until it is ready and starts it. Whatever goes wrong on the way, a
   * session that came into being is closed again. On an abort, and when the create call is not
   * answered, the promise rejects at once and the close goes on behind; on any other failure it rejects
   * after the close, or after `timeoutMs` of the client when that takes longer. A close that fails is tried
   * again behind until the session is gone.
   *
   * A create that may have arrived and got no answer is looked up in the account's list by its UserId, and
   * what is in progress there, not started, and not held by this client is closed. The service allows one
   * session per UserId, so that is what the create has left; but a session that another process is just
   * opening with the same UserId looks the same. Let only one process open sessions for a given UserId.
   *
   * A session of this client with the same UserId has been closed by the service once the new one is
   * created: it ends here too, as `replaced`.
   *
   * There is one open per UserId at a time: a second one is refused while the first is under way, and
   * waits while what an earlier or an aborted one left behind is being closed.
   *
   * @throws IvhConfigError, IvhValidationError, IvhPluginError (nothing was sent; a plugin may take as long
   * as `timeoutMs` of the client); IvhApiError, IvhTransportError, IvhResponseShapeError; IvhTimeoutError
   * (no answer, or not ready in time); IvhSessionError (creation failed, closed meanwhile, client closed,
   * UserId already being opened); IvhAbortError.
   */
  async open(options: OpenSessionOptions): Promise<IvhSession> {
    if (this.#shutDown) throw clientClosed()
    checkGiven(options)
    const given = copied(options)
    const { signal, userId } = given
    const leave = this.#context.userIds.enter(userId)
    const abandon = new AbortController()
    const giveUp = () => signal && abandon.abort(abortedByCaller(signal))
    if (signal?.aborted) giveUp()
    const forget = signal && onAbort(signal, giveUp)
    const opening = this.#context.options.observation.openings(userId, (told) =>
      this.#opener.open(given, told, abandon.signal),
    )
    this.#register(abandon, opening, userId, leave)
    try {
      const session = await opening
      if (!abandon.signal.aborted) return session
      // It fired after the last step: the caller has given up, so nobody would close the session.
      void this.#context.discards.close(session)
      throw abandonedError(abandon.signal, session.id)
    } finally {
      forget?.()
    }
  }

  /**
   * Takes hold of a session that runs already, opened by another process or before a restart: waits until
   * it is ready, starts it if nobody has, and drives it from here. One that is open here is given as it
   * is, and so is one that is being resumed: the options of the first call count. One that is being closed
   * here is waited for; when its close has failed, it is taken hold of anew and no longer closed.
   *
   * An abort, `closeAll` and every failure leave the session as it is: nothing has been closed, though it
   * may have been started.
   *
   * @throws IvhSessionError when it is closed or failed, or its UserId is being opened; else like
   * {@link open}.
   */
  async resume(sessionId: string, options: ResumeOptions = {}): Promise<IvhSession> {
    if (this.#shutDown) throw clientClosed()
    const resolved = resolveResume(options)
    const { signal } = options
    if (signal?.aborted) throw abortedByCaller(signal)
    const known = this.#usable(sessionId)
    if (known) return known
    const running = this.#resuming.get(sessionId)
    if (running && !running.isAbandoned) return running.join(signal)

    const { userId } = resolved
    const leave = userId === '' ? () => {} : this.#context.userIds.enter(userId)
    const abandon = new AbortController()
    const resuming = this.#opener.resume(sessionId, resolved, abandon.signal)
    this.#register(abandon, resuming, userId, leave)
    const task = new SharedTask(abandon, resuming, () => this.#usable(sessionId) !== undefined)
    this.#resuming.set(sessionId, task)
    const forget = () => {
      if (this.#resuming.get(sessionId) === task) this.#resuming.delete(sessionId)
    }
    resuming.then(forget, forget)
    return task.join(signal)
  }

  /**
   * Abandons what is being opened or resumed, closes what is open, a dozen at a time, and waits for one
   * try of every close. Of creates that got no answer it looks once more for what they left. A session
   * that was only being resumed is left as it is. Sessions can be opened again afterwards.
   *
   * @throws AggregateError with one error per session that could not be closed, and per create of which
   * it could not be found out. The former stay in `list`; both are tried again behind, and by calling again.
   */
  async closeAll(): Promise<void> {
    const abandoned = [...this.#underWay.values()]
    for (const abandon of this.#underWay.keys()) abandon.abort(clientClosed())
    // An abandoned open rejects at once; by then the close of its session is among the discards.
    await Promise.allSettled(abandoned)
    const results = await Promise.allSettled([
      ...this.list.map((session) => session.close()),
      ...this.#context.discards.settle(),
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
   * Closes what a process that has ended left open: lists the sessions of the account, and closes those
   * that `isMine` names and this client neither holds nor opens. Call it at the start of a process.
   *
   * @returns What it has closed.
   * @throws AggregateError with one error per session that could not be closed; what lists and `isMine`
   * throw, and IvhConfigError when `isMine` gives neither true nor false, before anything is closed;
   * IvhAbortError, when those that were begun are closed.
   * @example
   * await ivh.sessions.closeOrphans({ isMine: ({ UserId }) => UserId.startsWith('kiosk-') })
   */
  async closeOrphans(options: CloseOrphansOptions): Promise<readonly ListedSession[]> {
    const { userIds } = this.#context
    const isOurs = ({ SessionId, UserId }: ListedSession) =>
      this.#context.isHeld(SessionId) || this.#resuming.has(SessionId) || userIds.isTaken(UserId)
    return closeOrphans(this.#context, isOurs, options)
  }

  /** Like {@link closeAll}, and refuses to open any more. */
  async shutDown(): Promise<void> {
    this.#shutDown = true
    await this.closeAll()
  }

  /** Remembers what is under way, and gives its UserId back when it has ended or is abandoned. */
  #register(
    abandon: AbortController,
    work: Promise<IvhSession>,
    userId: string,
    leave: () => void,
  ): void {
    this.#underWay.set(abandon, work)
    const abandoned = () => {
      leave()
      this.#context.userIds.hold(userId, work)
    }
    if (abandon.signal.aborted) abandoned()
    const forgetAbort = onAbort(abandon.signal, abandoned)
    const done = () => {
      this.#underWay.delete(abandon)
      leave()
      forgetAbort()
    }
    work.then(done, done)
  }

  #usable(sessionId: string): IvhSession | undefined {
    return this.#open.withId(sessionId).find(({ state }) => state === 'open')
  }

  #replaced(userId: string, sessionId: string): void {
    this.#context.discards.forgetLost(userId)
    // The new one is not held yet; in a private deployment an earlier one may have had its id.
    const { held } = this.#account
    for (const session of [...held.withUserId(userId), ...held.withId(sessionId)]) {
      const end = endOfCode(sameUserId, { sessionId: session.id })
      if (end) endSession(session, end)
    }
  }

  async #reclaim(sessionId: string, signal: AbortSignal): Promise<() => void> {
    const { discards, options } = this.#context
    const { clock } = options
    for (const session of this.#open.withId(sessionId)) {
      // Asking again gives the close that is under way.
      const closed = async () => session.state === 'closing' && (await session.close())
      await withDeadline(closed, { clock, signal }).catch(() => {})
    }
    const unclosed = this.#open.withId(sessionId).filter(({ state }) => state === 'close-failed')
    for (const session of unclosed) discards.forget(session)
    return () => {
      for (const session of unclosed) void session.close().catch(() => {})
    }
  }

  #make(parts: OpenedSession, onClosed: () => void): IvhSession {
    const { call, closes, discards, options } = this.#context
    const session: IvhSession = new IvhSession(call, options, {
      ...parts,
      close: () => closes.run(() => closeSession(call, parts.id)),
      onClosed: () => {
        this.#open.delete(session)
        discards.forget(session)
        onClosed()
      },
      onCloseFailed: (error) => {
        this.#open.add(session)
        discards.closeLater(session, error)
      },
    })
    return session
  }

  #hold(session: IvhSession, { keepOpen }: ResolvedChannel): void {
    // What it was known as before is of no use any more.
    for (const earlier of this.#open.withId(session.id)) this.#open.delete(earlier)
    this.#open.add(session)
    // The session works without its channel; what keeps it from opening is told by events.
    if (keepOpen) session.connect().catch(() => {})
  }
}

/** The code that the service gives a session which another one with its UserId has replaced. */
const sameUserId = 110022

/** One object may serve for many opens, changed in between; each has what it held when it was called. */
function copied({ onProgress, signal, ...plain }: OpenSessionOptions): OpenSessionOptions {
  return { ...cloneOptions(plain), onProgress, signal }
}

/** @throws IvhValidationError or IvhConfigError, for who has no types. */
function checkGiven(options: OpenSessionOptions): void {
  if (typeof options !== 'object' || options === null) {
    throw new IvhValidationError([{ path: 'options', message: 'of sessions.open are required' }])
  }
  checkSignal(options.signal)
}
