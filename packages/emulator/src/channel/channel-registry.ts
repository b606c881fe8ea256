import { sessionStatus } from '@ivh-kit/core/protocol'
import { Refusal } from '../gateway/refusal'
import type { Session } from '../sessions/session'
import { type ChannelServices, type ChannelWire, CommandChannel } from './command-channel'

/** Where the command channel is opened (1240/100396). */
export const channelPath = '/v2/ws/ivh/interactdriver/interactdriverservice/commandchannel'

/** The open command channels: one per session. */
export class ChannelRegistry {
  readonly #services: ChannelServices
  readonly #open = new Map<Session, CommandChannel>()

  constructor(services: ChannelServices) {
    this.#services = services
  }

  /**
   * Decides whether a channel may be opened.
   *
   * @throws Refusal whose status says why: 400 without requestid, 404 for no session, 410 for a closed
   * one, 409 for one that is not started or has a channel already.
   */
  admit(requestId: string | null): Session {
    if (!requestId) {
      throw new Refusal(100001, 'the query parameter requestid is missing: give the SessionId', 400)
    }
    const session = this.#find(requestId)
    const obstacle = this.#obstacle(session)
    if (obstacle) throw obstacle
    return session
  }

  /**
   * Opens the channel of a session that was admitted. What has come in between since then closes it at
   * once, with the reason.
   */
  open(session: Session, wire: ChannelWire, cutAtMessage: number | undefined): CommandChannel {
    const obstacle = this.#obstacle(session)?.message
    if (obstacle === undefined) {
      this.#open.get(session)?.close(1000, 'another command channel took the place of this one')
    }
    const channel = new CommandChannel(session, wire, this.#services, {
      obstacle,
      cutAtMessage,
      onGone: () => this.#open.delete(session),
    })
    if (channel.isOpen) this.#open.set(session, channel)
    return channel
  }

  has(session: Session): boolean {
    return this.#open.has(session)
  }

  /** Breaks every connection; the sessions live on. */
  cutAll(reason: string): void {
    for (const channel of this.#open.values()) channel.cut(reason)
  }

  #find(requestId: string): Session {
    try {
      return this.#services.store.find(requestId)
    } catch {
      const hint = /^[0-9a-f]{8}-?[0-9a-f]{4}-?/i.test(requestId) ? ', not a fresh UUID' : ''
      throw new Refusal(
        110018,
        `there is no session ${requestId}: requestid must be the SessionId${hint}`,
        404,
      )
    }
  }

  /** Why the session can have no channel at this moment. */
  #obstacle(session: Session): Refusal | undefined {
    const { id } = session
    if (!session.live) {
      const code = session.replaced ? 110022 : 110013
      return new Refusal(code, `session ${id} is closed: ${session.errorMessage}`, 410)
    }
    if (session.status === sessionStatus.preparing) {
      return new Refusal(110014, `session ${id} is still being prepared`, 409)
    }
    if (!session.started) {
      return new Refusal(110016, `session ${id} was not started: call startsession first`, 409)
    }
    if (this.#open.has(session) && this.#services.options.secondChannel === 'refuse') {
      const message = `session ${id} has a command channel already; a session has one`
      return new Refusal(110015, message, 409)
    }
    return undefined
  }
}
