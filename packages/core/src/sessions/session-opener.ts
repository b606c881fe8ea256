import { ConcurrencyLimit } from '../async/concurrency-limit'
import type { Caller } from '../calls/call'
import type { Opening } from '../plugins/opening'
import type { OpenSessionOptions } from './open-options'
import { openSession } from './opening'
import type { HoldingContext, OpeningContext } from './opening-context'
import type { ResolvedResume } from './resume-options'
import { resumeSession } from './resuming'
import type { IvhSession } from './session'
import { SessionDriver } from './session-driver'
import { SlotHolders } from './waiting/active-sessions'
import { QuotaQueue } from './waiting/quota-queue'

/** Opens and resumes the sessions of a client: what their openings share, and nothing about who holds them. */
export class SessionOpener {
  readonly #context: OpeningContext

  constructor(holding: HoldingContext) {
    const { call, isHeld, options } = holding
    const quota = new QuotaQueue(options)
    this.#context = {
      ...holding,
      quota,
      polls: new ConcurrencyLimit(options.steady, options.polling.concurrency),
      slotHolders: new SlotHolders(options, call, isHeld),
      make: (parts) =>
        holding.make({ ...parts, drive: (session) => new SessionDriver(options, session) }, () =>
          quota.released(),
        ),
    }
  }

  open(options: OpenSessionOptions, opening: Opening, signal: AbortSignal): Promise<IvhSession> {
    const { openId } = opening
    const call: Caller = (name, payload, callOptions) =>
      this.#context.call(name, payload, { ...callOptions, openId })
    return openSession({ ...this.#context, call }, options, opening, signal)
  }

  resume(sessionId: string, options: ResolvedResume, signal: AbortSignal): Promise<IvhSession> {
    return resumeSession(this.#context, sessionId, options, signal)
  }
}
