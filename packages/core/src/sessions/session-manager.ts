import type { Caller } from '../client/call'
import { onAbort } from '../client/on-abort'
import type { ResolvedOptions } from '../client/options'
import { abandonedError, abortedByCaller, clientClosed } from './abandonment'
import type { ResolvedChannel } from './channel-options'
import { Discards } from './discards'
import type { OpenSessionOptions } from './open-options'
import { openSession } from './opening'
import type { OpeningContext } from './opening-context'
import { QuotaQueue } from './quota-queue'
import { ReadinessPoller } from './readiness-poller'
import { type ResumeOptions, resolveResume, resumeSession } from './resuming'
import { IvhSession, type SessionParts } from './session'
import { SharedTask } from './shared-task'
import { SlotHolders } from './slot-holders'
import { UserIdGate } from './user-id-gate'

/** Opens sessions and remembers them until they are closed. */
export class SessionManager {
  readonly #open = new Set<IvhSession>()
  /** What `closeAll` abandons. */
  readonly #underWay = new Map<AbortController, Promise<IvhSession>>()
  readonly #resuming = new Map<string, SharedTask<IvhSession>>()
  readonly #context: OpeningContext
  #shutDown = false

  /** @internal The manager of a client is `ivh.sessions`. */
  constructor(options: ResolvedOptions, call: Caller) {
    const userIds = new UserIdGate()
    const quota = new QuotaQueue(options)
    const isHeld = (sessionId: string) => this.#find(sessionId) !== undefined
    this.#context = {
      options,
      call,
      userIds,
      quota,
      isHeld,
      discards: new Discards(options, userIds, (session) => this.#open.add(session)),
      poller: new ReadinessPoller(options, call),
      slotHolders: new SlotHolders(options, call, isHeld),
      make: (parts) => this.#make(parts),
      hold: (session, channel) => this.#hold(session, channel),
    }
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
   * waits while what an earlier or an aborted one left behind is being closed.
   *
   * @throws IvhConfigError, IvhValidationError, IvhPluginError (nothing was sent); IvhApiError,
   * IvhTransportError, IvhResponseShapeError; IvhTimeoutError (no answer, or not ready in time);
   * IvhSessionError (creation failed, closed meanwhile, client closed, UserId already being opened);
   * IvhAbortError.
   */
  async open(options: OpenSessionOptions): Promise<IvhSession> {
    if (this.#shutDown) throw clientClosed()
    const { signal, userId } = options
    const leave = this.#context.userIds.enter(userId)
    const abandon = new AbortController()
    const giveUp = () => signal && abandon.abort(abortedByCaller(signal))
    if (signal?.aborted) giveUp()
    const forget = signal && onAbort(signal, giveUp)
    const opening = this.#context.options.observation.openings(userId, (told) =>
      openSession(this.#context, options, told, abandon.signal),
    )
    this.#register(abandon, opening, userId, leave)
    try {
      const session = await opening
      if (!abandon.signal.aborted) return session
      // It fired after the last step: the caller has given up, so nobody would close the session.
      const { discards } = this.#context
      void discards.remember(userId, discards.close(session))
      throw abandonedError(abandon.signal, session.id)
    } finally {
      forget?.()
    }
  }

  /**
   * Takes hold of a session that runs already, opened by another process or before a restart: waits until
   * it is ready, starts it if nobody has, and drives it from here. One that is open here is given as it
   * is, and so is one that is being resumed: the options of the first call count. An abort, `closeAll` and
   * every failure leave the session as it is: nothing has been closed, though it may have been started.
   *
   * @throws IvhSessionError when it is closed or failed, or its UserId is being opened; else like
   * {@link open}.
   */
  async resume(sessionId: string, options: ResumeOptions = {}): Promise<IvhSession> {
    if (this.#shutDown) throw clientClosed()
    const resolved = resolveResume(options)
    const { signal } = options
    if (signal?.aborted) throw abortedByCaller(signal)
    const known = this.#find(sessionId)
    if (known) return known
    const running = this.#resuming.get(sessionId)
    if (running && !running.isAbandoned) return running.join(signal)

    const { userId } = resolved
    const leave = userId === '' ? () => {} : this.#context.userIds.enter(userId)
    const abandon = new AbortController()
    const resuming = resumeSession(this.#context, sessionId, resolved, abandon.signal)
    this.#register(abandon, resuming, userId, leave)
    const task = new SharedTask(abandon, resuming, () => this.#find(sessionId) !== undefined)
    this.#resuming.set(sessionId, task)
    const forget = () => {
      if (this.#resuming.get(sessionId) === task) this.#resuming.delete(sessionId)
    }
    resuming.then(forget, forget)
    return task.join(signal)
  }

  /**
   * Abandons what is being opened or resumed, closes what is open, and waits for every close. A session
   * that was only being resumed is left as it is. Sessions can be opened again afterwards.
   *
   * @throws AggregateError with one error per session that could not be closed. Those stay in `list`;
   * calling again tries them again.
   */
  async closeAll(): Promise<void> {
    const abandoned = [...this.#underWay.values()]
    for (const abandon of this.#underWay.keys()) abandon.abort(clientClosed())
    // An abandoned open rejects at once; by then the close of its session is among the discards.
    await Promise.allSettled(abandoned)
    const results = await Promise.allSettled([
      ...this.list.map((session) => session.close()),
      ...this.#context.discards.pending,
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

  #find(sessionId: string): IvhSession | undefined {
    for (const session of this.#open) if (session.id === sessionId) return session
    return undefined
  }

  #make(parts: Omit<SessionParts, 'onClosed'>): IvhSession {
    const { call, options, quota } = this.#context
    const session: IvhSession = new IvhSession(call, options, {
      ...parts,
      onClosed: () => {
        this.#open.delete(session)
        quota.released()
      },
    })
    return session
  }

  #hold(session: IvhSession, { keepOpen }: ResolvedChannel): void {
    this.#open.add(session)
    // The session works without its channel; what keeps it from opening is told by events.
    if (keepOpen) session.connect().catch(() => {})
  }
}
