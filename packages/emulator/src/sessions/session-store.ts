import { closeType, describeCode, sessionStatus } from '@ivh-kit/core/protocol'
import { reasonOf } from '@ivh-kit/kernel'
import type { MediaHuman } from '../media-plane'
import type { ResolvedGatewayOptions } from '../options'
import type { EventLog } from '../record/event-log'
import { Refusal } from '../wire/refusal'
import { BackgroundWork } from './background-work'
import {
  type CreationFault,
  EmulatedSession,
  failureCode,
  type SessionSettings,
  type SessionSnapshot,
} from './emulated-session'
import { playUrlOf } from './play-url'
import { refuseCreate } from './refuse-create'
import {
  addUndrawn,
  leaveOutPrivateImages,
  type SessionConfig,
  showConfig,
  storeConfig,
  warnUndrawn,
} from './session-config'
import { SessionIds } from './session-ids'

/** Maximum number of ended sessions in memory. A late call gets the code for the reason of the end. */
const rememberedSessions = 10_000

/** Code of the error "the connection of the stream dropped" (1240/100406). */
const streamDropped = -111002

/** The sessions of the account and their rules. */
export class SessionStore {
  readonly #options: ResolvedGatewayOptions
  readonly #events: EventLog
  readonly #sessions = new Map<string, EmulatedSession>()
  /** The sessions that occupy concurrency, by UserId: one per user. */
  readonly #live = new Map<string, EmulatedSession>()
  /** Streams that open or close. Closing the emulator waits for them. */
  readonly #streamWork: BackgroundWork
  readonly #idleTimers = new Map<EmulatedSession, () => void>()
  readonly #speechFails: ((sessionId: string) => boolean) | undefined
  readonly #ids: SessionIds
  #closed = false

  constructor(
    options: ResolvedGatewayOptions,
    events: EventLog,
    speechFails?: (sessionId: string) => boolean,
  ) {
    this.#speechFails = speechFails
    this.#options = options
    this.#events = events
    this.#streamWork = new BackgroundWork((error) =>
      events.warn('session', `closing a stream failed: ${reasonOf(error)}`),
    )
    this.#ids = new SessionIds(options.clock.now(), options.createId)
  }

  /** Returns the last `count` sessions, oldest first. Default: all. */
  latest(count = this.#sessions.size): readonly SessionSnapshot[] {
    const sessions = [...this.#sessions.values()]
    return sessions.slice(Math.max(0, sessions.length - count)).map((session) => session.snapshot())
  }

  /** The sessions that occupy concurrency: preparing or ready. */
  get inProgress(): readonly EmulatedSession[] {
    return [...this.#live.values()]
  }

  /**
   * @param page The origin of a foreign page: it cannot make the emulator fetch private images.
   * @throws Refusal 100008 when all concurrency is in use, 100014 when the account has none.
   */
  create(
    request: SessionSettings,
    givenId: string | undefined,
    fault?: CreationFault,
    page?: string,
  ): EmulatedSession {
    const { media, prepareMs } = this.#options
    refuseCreate({
      closed: this.#closed,
      concurrency: this.#options.concurrency,
      inUse: this.#live.size,
      // A new session replaces the user's own session, so it needs no free place.
      replaces: this.#live.has(request.userId),
      openId: givenId && this.#sessions.get(givenId)?.live ? givenId : undefined,
    })
    const predecessor = this.#live.get(request.userId)
    if (predecessor) {
      const message = 'another session was created with this UserId'
      this.#end(predecessor, closeType.sameUserId, 110022, message)
    }

    const session = new EmulatedSession(
      givenId ?? this.#ids.next(),
      request,
      this.#options,
      this.#events,
      this.#speechFails,
    )
    // A caller may give the id of an ended session again. Deleting it first keeps the order of creation.
    this.#sessions.delete(session.id)
    this.#sessions.set(session.id, session)
    this.#live.set(request.userId, session)
    this.#forgetOldest()
    this.#events.info('session', `created for UserId ${request.userId}`, session.id)
    const failure = failureCode(fault)
    warnUndrawn(session, session.notDrawn, this.#events)
    if (prepareMs === 0 && failure !== undefined) this.#fail(session, failure)
    else if (prepareMs === 0 && !media) this.#becomeReady(session, undefined)
    else this.#prepare(session, failure, page)
    return session
  }

  /** @throws Refusal 110018 for an unknown id. */
  find(sessionId: string): EmulatedSession {
    const session = this.#sessions.get(sessionId)
    if (!session) {
      throw new Refusal(
        110018,
        `there is no session ${sessionId}: use the SessionId from the response to the create`,
      )
    }
    return session
  }

  /** @throws Refusal 110018, 110022 (replaced), 110013 (closed or failed). */
  findLive(sessionId: string): EmulatedSession {
    const session = this.find(sessionId)
    if (session.replaced) throw new Refusal(110022, session.errorMessage)
    if (!session.live) {
      throw new Refusal(110013, `session ${sessionId} is closed: ${session.errorMessage}`)
    }
    return session
  }

  /** @throws Refusal as {@link findLive}, and 110014 while preparing. */
  findReady(sessionId: string): EmulatedSession {
    const session = this.findLive(sessionId)
    if (session.status !== sessionStatus.ready) {
      throw new Refusal(110014, `session ${sessionId} is still being prepared; poll statsession`)
    }
    return session
  }

  start(sessionId: string): void {
    const session = this.findReady(sessionId)
    session.started = true
    this.touch(session)
    this.#events.info('session', 'started', session.id)
  }

  /** @throws Refusal as {@link findLive}. */
  close(sessionId: string): void {
    this.#end(this.findLive(sessionId), closeType.owner, 0, 'closed by closesession')
  }

  /** Restarts the idle time after a command. No-op for ended sessions. */
  touch(session: EmulatedSession): void {
    if (!session.live) return
    const { clock, idleTimeoutMs } = this.#options
    this.#idleTimers.get(session)?.()
    const cancel = clock.after(idleTimeoutMs, () => {
      this.#end(session, closeType.idle, 110013, `no drive command for ${idleTimeoutMs} ms`)
    })
    this.#idleTimers.set(session, cancel)
  }

  /** Ends every live session with CloseType 4, as a restart of the service does. */
  async loseAll(message = 'the service restarted'): Promise<void> {
    for (const session of this.inProgress) {
      this.#end(session, closeType.serviceRestarted, 110013, message)
    }
    await this.#streamWork.finished()
  }

  /** Ends every live session and forgets all sessions. New ones may be created. */
  async reset(): Promise<void> {
    await this.loseAll('the emulator was reset')
    this.#sessions.clear()
  }

  /** Ends every live session, waits for its stream to end, and refuses new ones. */
  closeAll(): Promise<void> {
    this.#closed = true
    return this.loseAll('the emulator closed')
  }

  /** Ends a session as the loss of its stream does. No-op for unknown and ended sessions. */
  loseStream(sessionId: string | undefined): void {
    const session = sessionId === undefined ? undefined : this.#sessions.get(sessionId)
    if (session) this.#endByStream(session, 'a fault cut it')
  }

  /** Applies the settings of updatesessionconfig. */
  configure(session: EmulatedSession, config: SessionConfig, page?: string): void {
    storeConfig(session, config)
    if (this.#options.media) showConfig(session, config, this.#events, page)
  }

  /** Prepares a session. `failure` is the code with which a fault makes the creation fail. */
  #prepare(session: EmulatedSession, failure: number | undefined, page: string | undefined): void {
    const { clock, media, playUrlWhilePreparing, prepareMs } = this.#options
    if (playUrlWhilePreparing && session.request.pushUrl === undefined) {
      const mediaUrl = media?.playUrl?.(session.id)
      if (!media || mediaUrl !== undefined) {
        session.playUrl = playUrlOf(session, mediaUrl, this.#options)
      }
    }
    const { signal } = session.ending
    const waited = new Promise<void>((resolve) => {
      const cancel = clock.after(prepareMs, resolve)
      signal.addEventListener('abort', () => {
        cancel()
        resolve()
      })
    })
    const { avatar, pushUrl, voice } = session.request
    // Call `open` in an async function, so that a media plane that throws fails the session like one that
    // rejects.
    const open = async () => {
      if (failure !== undefined || !media) return undefined
      if (page !== undefined) await leaveOutPrivateImages(session, page, this.#events)
      const { picture } = session
      return media.open({ sessionId: session.id, avatar, pushUrl, voice, picture }, signal)
    }
    this.#streamWork.start(async () => {
      let human: MediaHuman | undefined
      try {
        ;[human] = await Promise.all([open(), waited])
      } catch (error) {
        // Ignore the error when the session has ended: its end aborted the opening of its stream.
        if (session.live) this.#fail(session, streamDropped, reasonOf(error))
        return
      }
      if (session.live && failure !== undefined) this.#fail(session, failure)
      else if (session.live) this.#becomeReady(session, human)
      else await human?.close()
    })
  }

  #becomeReady(session: EmulatedSession, human: MediaHuman | undefined): void {
    session.status = sessionStatus.ready
    session.human = human
    addUndrawn(session, human?.warnings ?? [], this.#events)
    if (session.request.pushUrl === undefined) {
      session.playUrl = playUrlOf(session, human?.playUrl, this.#options)
    }
    this.touch(session)
    this.#events.info('session', 'ready', session.id)
    human?.ended.then(
      ({ reason }) => this.#endByStream(session, reason),
      (error: unknown) => this.#endByStream(session, reasonOf(error)),
    )
  }

  #endByStream(session: EmulatedSession, reason: string): void {
    this.#end(session, closeType.downstreamExited, streamDropped, `the stream ended: ${reason}`)
  }

  #fail(
    session: EmulatedSession,
    code: number,
    message = `${describeCode(code).meaning} (by a fault)`,
  ): void {
    this.#release(session)
    session.fail(code, message)
    this.#events.warn('session', `failed: ${session.errorMessage}`, session.id)
  }

  #end(session: EmulatedSession, ...ending: Parameters<EmulatedSession['end']>): void {
    if (!session.live) return
    this.#idleTimers.get(session)?.()
    this.#idleTimers.delete(session)
    this.#release(session)
    session.end(...ending)
    this.#events.info('session', `closed (${session.errorMessage})`, session.id)
    const { human } = session
    session.human = undefined
    if (human) this.#streamWork.start(async () => human.close())
  }

  /** Frees the session's concurrency, unless a newer session of the user holds it. */
  #release(session: EmulatedSession): void {
    const { userId } = session.request
    if (this.#live.get(userId) === session) this.#live.delete(userId)
  }

  #forgetOldest(): void {
    if (this.#sessions.size <= rememberedSessions) return
    for (const [id, session] of this.#sessions) {
      if (session.live) continue
      this.#sessions.delete(id)
      return
    }
  }
}
