import { checkDuration } from '@ivh-kit/kernel'
import type { ResolvedBrokerOptions } from '../options'
import { Visit } from '../visit/visit'

/** Time for which a page can still read the final state of its visit, in milliseconds. */
const rememberEndedMs = 60_000
/** Number of ended visits that are remembered. */
const maxEnded = 1_000
/** Default time for all closes at shutdown, in milliseconds. */
const defaultCloseTimeoutMs = 8_000

export interface Entry {
  readonly visit: Visit
  readonly ticket: string
}

/** The visits of a broker: the running ones, those that just ended, and the number of sessions. */
export class VisitTable {
  readonly #options: ResolvedBrokerOptions
  readonly #running = new Map<string, Entry>()
  /** Ended visits, oldest first. They stay readable, so that a page that returns learns the reason. */
  readonly #ended = new Map<string, { readonly entry: Entry; readonly forget: () => void }>()
  /** The visits whose session the service may still have. */
  readonly #occupying = new Set<Visit>()
  #closed = false
  #onEmpty: (() => void) | undefined

  constructor(options: ResolvedBrokerOptions) {
    this.#options = options
  }

  find(id: string): Entry | undefined {
    return this.#running.get(id) ?? this.#ended.get(id)?.entry
  }

  /** The reason to refuse another visit; undefined when there is a free place. */
  get refusal(): 'shutdown' | 'busy' | undefined {
    if (this.#closed) return 'shutdown'
    return this.#occupying.size < this.#options.maxSessions ? undefined : 'busy'
  }

  /** Begins a visit. Its session counts until the service has confirmed that it is closed. */
  begin(request: Request, body: Readonly<Record<string, unknown>>): Entry {
    const id = this.#options.createId().slice(0, 32)
    const visit = new Visit(id, this.#options, request, body, {
      onEnded: () => this.#end(id),
      onReleased: () => {
        this.#occupying.delete(visit)
        if (this.#occupying.size === 0) this.#onEmpty?.()
      },
    })
    const entry = { visit, ticket: this.#options.createId() }
    this.#running.set(id, entry)
    this.#occupying.add(visit)
    return entry
  }

  /** Ends all visits. Logs the sessions whose close the service has not confirmed within `timeoutMs`. */
  async close(timeoutMs = defaultCloseTimeoutMs): Promise<void> {
    const { clock, logger } = this.#options
    checkDuration('timeoutMs', timeoutMs)
    this.#closed = true
    const ending = [...this.#running.values()].map(({ visit }) => visit.close('shutdown'))
    await new Promise<void>((resolve) => {
      const cancel = clock.after(timeoutMs, resolve)
      const done = () => {
        cancel()
        resolve()
      }
      // A visit that was closed while its session opened has ended, but its session may be open.
      void Promise.all(ending).then(() => this.#whenEmpty(done))
    })
    const left = [...this.#occupying].map((visit) => visit.description)
    if (left.length > 0) {
      logger.error(
        `The service has not confirmed the close of ${left.length} session(s); they may still cost money: ${left.join(', ')}`,
      )
    }
    // Cancel the timers, which would keep the process alive.
    for (const { forget } of [...this.#ended.values()]) forget()
  }

  /** Calls back when the service has no session of a visit any more. */
  #whenEmpty(callback: () => void): void {
    if (this.#occupying.size === 0) callback()
    else this.#onEmpty = callback
  }

  #end(id: string): void {
    const entry = this.#running.get(id)
    if (!entry) return
    this.#running.delete(id)
    const cancel = this.#options.clock.after(rememberEndedMs, () => this.#ended.delete(id))
    const forget = () => {
      cancel()
      this.#ended.delete(id)
    }
    this.#ended.set(id, { entry, forget })
    const [oldest] = this.#ended.values()
    if (this.#ended.size > maxEnded) oldest?.forget()
  }
}
