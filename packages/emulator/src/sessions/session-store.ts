import { closeType, describeCode, sessionStatus } from '@ivh-kit/core/protocol'
import type { Fate } from '../gateway/handlers'
import { movedPicture } from '../gateway/picture-request'
import { Refusal } from '../gateway/refusal'
import { emulatedTrtcSign, platformTrtcAppId } from '../gateway/trtc-sign'
import type { MediaHuman } from '../media-plane'
import type { ResolvedGatewayOptions } from '../options'
import type { EventLog } from '../record/event-log'
import { withoutSecrets } from '../record/redact'
import { Session, type SessionRequest, type SessionSnapshot } from './session'

/** Ended sessions are remembered, so that late calls get the code that says why; this many. */
const rememberedSessions = 10_000

/** "The connection of the stream dropped" and "the avatar model failed to load" (1240/100406). */
const streamDropped = -111002
const avatarNotLoaded = -111003

/** What updatesessionconfig brings. */
interface SessionConfig {
  readonly SpaceParam: Parameters<typeof movedPicture>[1] | undefined
  readonly ImageParam: object | undefined
}

/** The sessions of the account and the rules they live by. */
export class SessionStore {
  readonly #options: ResolvedGatewayOptions
  readonly #events: EventLog
  readonly #sessions = new Map<string, Session>()
  /** Those that occupy concurrency, by UserId: a user has one at most. */
  readonly #live = new Map<string, Session>()
  /** Media that is being closed; waited for when the emulator closes. */
  readonly #endings = new Set<Promise<void>>()
  readonly #idleTimers = new Map<Session, () => void>()
  readonly #driveFails: ((sessionId: string) => boolean) | undefined
  #nextNumber: number
  #closed = false

  constructor(
    options: ResolvedGatewayOptions,
    events: EventLog,
    driveFails?: (sessionId: string) => boolean,
  ) {
    this.#driveFails = driveFails
    this.#options = options
    this.#events = events
    this.#nextNumber = options.clock.now()
  }

  get snapshots(): readonly SessionSnapshot[] {
    return this.latest(this.#sessions.size)
  }

  /** Of the sessions that were created last, oldest first. */
  latest(count: number): readonly SessionSnapshot[] {
    const sessions = [...this.#sessions.values()]
    return sessions.slice(Math.max(0, sessions.length - count)).map((session) => session.snapshot())
  }

  /** The sessions that occupy concurrency: preparing or ready. */
  get inProgress(): readonly Session[] {
    return [...this.#live.values()]
  }

  /** @throws Refusal 100008 when all concurrency is in use, 100014 when there is none. */
  create(request: SessionRequest, givenId: string | undefined, fate?: Fate): Session {
    const { concurrency, prepareMs, media } = this.#options
    if (this.#closed) throw new Refusal(100000, 'the emulator has been closed')
    if (concurrency === 0) {
      throw new Refusal(
        100014,
        'this account has bought no concurrency (the emulator runs with concurrency 0)',
      )
    }
    if (givenId && this.#sessions.get(givenId)?.live) {
      throw new Refusal(100001, `a session with the SessionId ${givenId} is open already`)
    }
    const predecessor = this.#live.get(request.userId)
    // A predecessor frees its place, so replacing one's own session never needs a free one.
    if (!predecessor && this.#live.size >= concurrency) {
      throw new Refusal(
        100008,
        `${this.#live.size} of ${concurrency} concurrent sessions are in use: close one with closesession (listsessionofuin tells which there are)`,
      )
    }
    if (predecessor) {
      this.#end(
        predecessor,
        closeType.sameUserId,
        110022,
        'another session was created with this UserId',
      )
    }

    const session = new Session(
      givenId ?? this.#assignId(),
      request,
      this.#options,
      this.#events,
      this.#driveFails,
    )
    // A caller-given id may come again; its new session belongs at the end.
    this.#sessions.delete(session.id)
    this.#sessions.set(session.id, session)
    this.#live.set(request.userId, session)
    this.#forgetOldest()
    this.#events.info('session', `created for UserId ${request.userId}`, session.id)
    const { creationFails } = fate ?? {}
    const fails = creationFails === true ? avatarNotLoaded : creationFails
    this.#warnUndrawn(session, session.notDrawn)
    if (prepareMs === 0 && fails !== undefined) this.#failByFault(session, fails)
    else if (prepareMs === 0 && !media) this.#becomeReady(session, undefined)
    else this.#prepare(session, fails)
    return session
  }

  /** @throws Refusal 110018 for an id that was never given out. */
  find(sessionId: string): Session {
    const session = this.#sessions.get(sessionId)
    if (!session) {
      throw new Refusal(
        110018,
        `there is no session ${sessionId}: take the SessionId that the create answered`,
      )
    }
    return session
  }

  /** @throws Refusal 110018, 110022 (replaced), 110013 (closed or failed). */
  findLive(sessionId: string): Session {
    const session = this.find(sessionId)
    if (session.replaced) throw new Refusal(110022, session.errorMessage)
    if (!session.live) {
      throw new Refusal(110013, `session ${sessionId} is closed: ${session.errorMessage}`)
    }
    return session
  }

  /** @throws Refusal as {@link findLive}, and 110014 while preparing. */
  findReady(sessionId: string): Session {
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

  /** A drive command came: the idle time starts again. Of a session that is over nothing does. */
  touch(session: Session): void {
    if (!session.live) return
    const { clock, idleTimeoutMs } = this.#options
    this.#idleTimers.get(session)?.()
    const cancel = clock.after(idleTimeoutMs, () => {
      this.#end(session, closeType.idle, 110013, `no drive command for ${idleTimeoutMs} ms`)
    })
    this.#idleTimers.set(session, cancel)
  }

  /** The service restarts and loses its sessions: each ends with CloseType 4. */
  async loseAll(message = 'the service restarted'): Promise<void> {
    for (const session of this.inProgress) {
      this.#end(session, closeType.serviceRestarted, 110013, message)
    }
    await Promise.all(this.#endings)
  }

  /** Ends every live session and forgets all there were; new ones may be created. */
  async reset(): Promise<void> {
    await this.loseAll('the emulator was reset')
    this.#sessions.clear()
  }

  /** Ends every live session, waits for its stream to end, and refuses to create any more. */
  closeAll(): Promise<void> {
    this.#closed = true
    return this.loseAll('the emulator closed')
  }

  /** Ends a session as the loss of its stream does; one that is not known or over is left alone. */
  loseStream(sessionId: string | undefined): void {
    const session = sessionId === undefined ? undefined : this.#sessions.get(sessionId)
    if (!session) return
    const why = 'the stream ended: a fault cut it'
    this.#end(session, closeType.downstreamExited, streamDropped, why)
  }

  /** What updatesessionconfig asks for is kept, and shown where there is somebody to show it. */
  configure(session: Session, { ImageParam, SpaceParam }: SessionConfig): void {
    session.config = {
      ...session.config,
      ...(SpaceParam && { SpaceParam }),
      ...(ImageParam && { ImageParam }),
    }
    if (!this.#options.media) return
    if (ImageParam) this.#tellUndrawn(session, ['ImageParam (of 3D avatars)'])
    if (!SpaceParam) return
    session.picture = movedPicture(session.picture, SpaceParam)
    const { human } = session
    if (!human?.show) {
      this.#tellUndrawn(session, ['SpaceParam (the media plane cannot change a picture)'])
      return
    }
    human.show(session.picture).then(
      (problems) => this.#tellUndrawn(session, problems),
      (error: unknown) => this.#tellUndrawn(session, [`SpaceParam (${messageOf(error)})`]),
    )
  }

  #tellUndrawn(session: Session, what: readonly string[]): void {
    const news = what.map(withoutSecrets).filter((text) => !session.notDrawn.includes(text))
    if (news.length === 0) return
    session.notDrawn = [...session.notDrawn, ...news]
    this.#warnUndrawn(session, news)
  }

  #warnUndrawn(session: Session, what: readonly string[]): void {
    if (what.length === 0) return
    this.#events.warn('session', `accepted but not drawn: ${what.join('; ')}`, session.id)
  }

  /** `fails`: the code with which a fault lets it fail. */
  #prepare(session: Session, fails: number | undefined): void {
    const { clock, media, prepareMs } = this.#options
    const { signal } = session.ending
    const waited = new Promise<void>((resolve) => {
      const cancel = clock.after(prepareMs, resolve)
      signal.addEventListener('abort', () => {
        cancel()
        resolve()
      })
    })
    const { avatar, pushUrl, voice, picture } = session.request
    // A plane that throws at once fails the session just as one that rejects.
    const open = async () =>
      fails === undefined
        ? media?.open({ sessionId: session.id, avatar, pushUrl, voice, picture }, signal)
        : undefined
    this.#track(async () => {
      let human: MediaHuman | undefined
      try {
        ;[human] = await Promise.all([open(), waited])
      } catch (error) {
        // An open that was called off has nothing to report.
        if (session.live) this.#fail(session, error)
        return
      }
      if (session.live && fails !== undefined) this.#failByFault(session, fails)
      else if (session.live) this.#becomeReady(session, human)
      else await human?.close()
    })
  }

  #becomeReady(session: Session, human: MediaHuman | undefined): void {
    session.status = sessionStatus.ready
    session.human = human
    this.#tellUndrawn(session, human?.warnings ?? [])
    if (session.request.pushUrl === undefined) {
      session.playUrl = human?.playUrl ?? platformPlayUrl(session, this.#options)
    }
    this.touch(session)
    this.#events.info('session', 'ready', session.id)
    const onEnded = (reason: string) => {
      this.#end(session, closeType.downstreamExited, streamDropped, `the stream ended: ${reason}`)
    }
    human?.ended.then(
      ({ reason }) => onEnded(reason),
      (error: unknown) => onEnded(messageOf(error)),
    )
  }

  #fail(session: Session, error: unknown): void {
    this.#failWith(session, streamDropped, messageOf(error))
  }

  #failByFault(session: Session, code: number): void {
    this.#failWith(session, code, `${describeCode(code).meaning}, says a fault`)
  }

  #failWith(session: Session, code: number, message: string): void {
    this.#release(session)
    session.fail(code, message)
    this.#events.warn('session', `failed: ${session.errorMessage}`, session.id)
  }

  #end(session: Session, ...[type, code, message]: Parameters<Session['end']>): void {
    if (!session.live) return
    this.#idleTimers.get(session)?.()
    this.#idleTimers.delete(session)
    this.#release(session)
    session.end(type, code, message)
    this.#events.info('session', `closed (${session.errorMessage})`, session.id)
    const { human } = session
    session.human = undefined
    if (human) this.#track(async () => human.close())
  }

  /** Its concurrency is free again; the place of the same user's next session is not. */
  #release(session: Session): void {
    const { userId } = session.request
    if (this.#live.get(userId) === session) this.#live.delete(userId)
  }

  /** Runs what nobody waits for before the emulator closes; its failure is logged. */
  #track(work: () => Promise<void>): void {
    const tracked = work()
      .catch((error: unknown) =>
        this.#events.warn('session', `closing a stream failed: ${messageOf(error)}`),
      )
      .finally(() => this.#endings.delete(tracked))
    this.#endings.add(tracked)
  }

  /** `m` and digits, as the service assigns them. */
  #assignId(): string {
    this.#nextNumber += 1
    const tail = this.#options.createId().replace(/\D/g, '').slice(0, 5)
    // Of one length, so that no number with its tail reads like another number with another tail.
    return `m${String(this.#nextNumber).padStart(13, '0')}${tail.padEnd(5, '0')}`
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * Only the form for rtmp is documented (1211/62103). The one for webrtc is what public client code shows;
 * a TRTC address has the room as its host and these four parameters, its scheme is a choice.
 */
function platformPlayUrl(session: Session, { playDomain, clock }: ResolvedGatewayOptions): string {
  switch (session.request.protocol) {
    case 'rtmp':
      return `rtmp://${playDomain}/live/${session.id}`
    case 'webrtc':
      return `webrtc://${playDomain}/live/${session.id}`
    case 'trtc':
      return trtcPlayUrl(session, clock.now())
  }
}

/** Into the caller's own app the emulator has no credentials to give. */
function trtcPlayUrl({ request, trtcRoom }: Session, nowMs: number): string {
  const { trtcAppId, userId } = request
  const sign = emulatedTrtcSign(`viewer-of-${userId}`, trtcRoom, nowMs)
  const query = new URLSearchParams({
    appId: trtcAppId ?? platformTrtcAppId,
    ...(trtcAppId === undefined && { userSig: sign.userSig, privateMapKey: sign.privateMapKey }),
    virtualManUserId: userId,
  })
  return `room://${encodeURIComponent(trtcRoom)}?${query}`
}
