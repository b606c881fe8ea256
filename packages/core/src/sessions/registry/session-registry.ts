import { type ConcurrencyLimit, createConcurrencyLimit } from '../../async/concurrency-limit'
import { withDeadline } from '../../async/with-deadline'
import type { Caller } from '../../calls/call'
import { endOfCode } from '../../channel/channel-end'
import type { ResolvedOptions } from '../../options/resolve-options'
import { Contributions } from '../../plugins/contributions'
import { BackgroundCleanup } from '../cleanup/background-cleanup'
import {
  findLostSession,
  findTwin,
  lateEffectMs,
  type SearchContext,
} from '../cleanup/find-lost-session'
import { UserIdLock } from '../cleanup/user-id-lock'
import { resolveChannel } from '../session/channel-options'
import { Session, type SessionFacts } from '../session/session'
import { closeSession, replacedCode, wasReplaced } from '../session/session-calls'
import { SessionIndex } from './session-index'

const closesAtOnce = 12
/**
 * The state that clients of one account share (a client and those of its `withOptions`): none treats
 * another's session as an orphan, and none opens a session with a UserId that another is opening.
 */
export class Account {
  readonly userIds = new UserIdLock()
  readonly sessions = new SessionIndex<Session>()
}

/** The sessions of a client that are not closed. It creates them, closes them and ends replaced ones. */
export class SessionRegistry {
  readonly account: Account
  readonly cleanup: BackgroundCleanup
  readonly #call: Caller
  readonly #options: ResolvedOptions
  readonly #sessions = new SessionIndex<Session>()
  readonly #closes: ConcurrencyLimit
  readonly #onReleased: () => void

  /** @param onReleased Called when a session was closed, so that concurrency may be free. */
  constructor(options: ResolvedOptions, call: Caller, account: Account, onReleased: () => void) {
    this.#options = options
    this.#call = call
    this.account = account
    this.cleanup = new BackgroundCleanup(options, account.userIds)
    this.#closes = createConcurrencyLimit(options.clock, closesAtOnce)
    this.#onReleased = onReleased
  }

  get all(): readonly Session[] {
    return this.#sessions.all
  }

  openSession(sessionId: string): Session | undefined {
    return this.#sessions.withId(sessionId).find(({ state }) => state === 'open')
  }

  /** True when this client or another of the account has a session with this id. */
  isKnown(sessionId: string): boolean {
    return this.account.sessions.withId(sessionId).length > 0
  }

  /** Creates the handle of a session. It is registered by {@link register}, or when its close fails. */
  create(facts: SessionFacts): Session {
    const session: Session = new Session(this.#call, this.#options, facts, {
      close: async () => {
        const code = await this.#closes(() => closeSession(this.#call, facts.id))
        if (code === undefined || !this.#mayHaveTwin(facts)) return
        void this.cleanup.track(facts.userId, this.#findTwinIfReplaced(facts, code))
      },
      onReplaced: () => {
        if (this.#mayHaveTwin(facts)) findTwin(this.#searchContext, facts.userId)
      },
      onClosed: () => {
        this.#delete(session)
        this.cleanup.forget(session)
        this.#onReleased()
      },
      onCloseFailed: (error) => {
        this.#add(session)
        this.cleanup.closeLater(session, error)
      },
    })
    return session
  }

  /** Registers an open session and opens its command channel when `channel.open` is `auto`. */
  register(session: Session, channel: { readonly keepOpen: boolean }): void {
    for (const earlier of this.#sessions.withId(session.id)) this.#delete(earlier)
    this.#add(session)
    // Ignore the error: events report a channel that cannot be opened.
    if (channel.keepOpen) session.connect().catch(() => {})
  }

  /** Finds and closes the session that a create may have left open. See {@link findLostSession}. */
  findLost(userId: string, readyTimeoutMs: number): Promise<void> {
    return findLostSession(this.#searchContext, userId, readyTimeoutMs)
  }

  /**
   * Closes sessions that have no handle. A failed close is repeated in the background.
   *
   * @param createdAt Time of their create call, on the monotonic clock, when this client sent it.
   */
  readonly closeFound = async (
    userId: string,
    ids: readonly string[],
    createdAt?: number,
  ): Promise<void> => {
    const facts = {
      userId,
      createdAt,
      driverType: undefined,
      channel: resolveChannel(),
      contributions: new Contributions([]),
      playback: () => ({}),
    }
    await Promise.all(ids.map((id) => this.create({ ...facts, id }).close()))
  }

  get #searchContext(): SearchContext {
    return {
      call: this.#call,
      options: this.#options,
      cleanup: this.cleanup,
      userIds: this.account.userIds,
      isKnown: (sessionId) => this.isKnown(sessionId),
      closeFound: this.closeFound,
    }
  }

  /** True while a second delivery of the session's create may take effect. */
  #mayHaveTwin({ createdAt }: SessionFacts): boolean {
    return createdAt !== undefined && this.#options.steady.now() - createdAt < lateEffectMs
  }

  async #findTwinIfReplaced({ id, userId }: SessionFacts, code: number): Promise<void> {
    if (code === replacedCode || (await wasReplaced(this.#call, id))) {
      findTwin(this.#searchContext, userId)
    }
  }

  /** Closes a session by id, at most 12 at once. */
  closeById(sessionId: string, isWanted: () => boolean = () => true): Promise<boolean> {
    return this.#closes(async () => {
      if (!isWanted()) return false
      await closeSession(this.#call, sessionId)
      return true
    })
  }

  /**
   * Ends earlier sessions with this UserId or this id, because the service has closed them for the session
   * that was just created. In a private deployment the caller chooses the id, so it may be reused.
   */
  endReplaced(userId: string, sessionId: string): void {
    const { sessions } = this.account
    for (const session of [...sessions.withUserId(userId), ...sessions.withId(sessionId)]) {
      const end = endOfCode(replacedCode, { sessionId: session.id })
      if (end) session.endAtService(end)
    }
  }

  /**
   * Prepares the reuse of a SessionId: waits for a close in progress, and stops repeating a failed close.
   * The returned function resumes the failed closes.
   */
  async reclaim(sessionId: string, signal: AbortSignal): Promise<() => void> {
    const { clock } = this.#options
    for (const session of this.#sessions.withId(sessionId)) {
      // Join the close in progress: a second close() returns it.
      const closed = async () => session.state === 'closing' && (await session.close())
      await withDeadline(closed, { clock, signal }).catch(() => {})
    }
    const unclosed = this.#sessions
      .withId(sessionId)
      .filter(({ state }) => state === 'close-failed')
    for (const session of unclosed) this.cleanup.forget(session)
    return () => {
      for (const session of unclosed) void session.close().catch(() => {})
    }
  }

  #add(session: Session): void {
    this.#sessions.add(session)
    this.account.sessions.add(session)
  }

  #delete(session: Session): void {
    this.#sessions.delete(session)
    this.account.sessions.delete(session)
  }
}
