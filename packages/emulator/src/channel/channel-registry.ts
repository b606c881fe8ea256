import { sessionStatus } from '@ivh-kit/core/protocol'
import type { EmulatedSession } from '../sessions/emulated-session'
import { Refusal } from '../wire/refusal'
import { type ChannelServices, type ChannelWire, ServerChannel } from './server-channel'

/** Path of the command channel (1240/100396). */
export const channelPath = '/v2/ws/ivh/interactdriver/interactdriverservice/commandchannel'

/** The open command channels, one per session. */
export class ChannelRegistry {
  readonly #services: ChannelServices
  readonly #open = new Map<EmulatedSession, ServerChannel>()

  constructor(services: ChannelServices) {
    this.#services = services
  }

  /**
   * Returns the session of a new channel.
   *
   * @throws Refusal with HTTP status 400 (no requestid), 404 (unknown session), 410 (closed session) or 409
   * (the session is not started, or has a channel).
   */
  admit(requestId: string | null): EmulatedSession {
    if (!requestId) {
      throw new Refusal(100001, 'the query parameter requestid is missing: give the SessionId', 400)
    }
    const session = this.#find(requestId)
    const obstacle = this.#obstacle(session)
    if (obstacle) throw obstacle
    return session
  }

  /**
   * Opens the channel of an admitted session. When an obstacle appeared after the admission, the channel
   * closes at once with the reason.
   */
  open(
    session: EmulatedSession,
    wire: ChannelWire,
    cutAtMessage: number | undefined,
  ): ServerChannel {
    const obstacle = this.#obstacle(session)?.message
    if (obstacle === undefined) {
      this.#open.get(session)?.close(1000, 'another command channel replaced this one')
    }
    const channel = new ServerChannel(session, wire, this.#services, {
      obstacle,
      cutAtMessage,
      onClosed: () => this.#open.delete(session),
    })
    if (channel.isOpen) this.#open.set(session, channel)
    return channel
  }

  has(session: EmulatedSession): boolean {
    return this.#open.has(session)
  }

  /** Breaks every connection. The sessions stay open. */
  cutAll(reason: string): void {
    for (const channel of this.#open.values()) channel.cut(reason)
  }

  #find(requestId: string): EmulatedSession {
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

  /** Returns the reason why the session cannot have a channel now. */
  #obstacle(session: EmulatedSession): Refusal | undefined {
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
      const message = `session ${id} has a command channel already; only one is allowed`
      return new Refusal(110015, message, 409)
    }
    return undefined
  }
}
