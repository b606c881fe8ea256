import type { Opening } from '../plugins/opening'
import { SlotHolders } from './active-sessions'
import type { OpenSessionOptions } from './open-options'
import { openSession } from './opening'
import type { HoldingContext, OpeningContext } from './opening-context'
import { QuotaQueue } from './quota-queue'
import { ReadinessPoller } from './readiness-poller'
import type { ResolvedResume } from './resume-options'
import { resumeSession } from './resuming'
import type { IvhSession } from './session'
import { SessionDriver } from './session-driver'

/** Opens and resumes the sessions of a client: what their openings share, and nothing about who holds them. */
export class SessionOpener {
  readonly #context: OpeningContext

  constructor(holding: HoldingContext) {
    const { call, isHeld, options } = holding
    const quota = new QuotaQueue(options)
    this.#context = {
      ...holding,
      quota,
      poller: new ReadinessPoller(options, call),
      slotHolders: new SlotHolders(options, call, isHeld),
      make: (parts) =>
        holding.make({ ...parts, drive: (session) => new SessionDriver(options, session) }, () =>
          quota.released(),
        ),
    }
  }

  open(options: OpenSessionOptions, opening: Opening, signal: AbortSignal): Promise<IvhSession> {
    return openSession(this.#context, options, opening, signal)
  }

  resume(sessionId: string, options: ResolvedResume, signal: AbortSignal): Promise<IvhSession> {
    return resumeSession(this.#context, sessionId, options, signal)
  }
}
