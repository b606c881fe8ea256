import type { ResolvedOptions } from '../client/options'

const firstPauseMs = 5_000
const longestPauseMs = 300_000

/**
 * Work that must not be forgotten: when a try fails it is logged, and made again after 5 s, then after
 * twice as long each time, up to 5 minutes. Its timer keeps no process alive.
 */
export class Unfinished {
  readonly #options: Pick<ResolvedOptions, 'clock' | 'logger' | 'random'>
  readonly #what: string
  readonly #work: () => Promise<number | undefined>
  #pauseMs = firstPauseMs
  #trying: Promise<void> | undefined
  #cancelTimer: (() => void) | undefined
  #stopped = false

  /**
   * @param what Begins the line that is logged.
   * @param work Resolves with the milliseconds after which it is worth doing again, undefined when never.
   */
  constructor(
    options: Pick<ResolvedOptions, 'clock' | 'logger' | 'random'>,
    what: string,
    work: () => Promise<number | undefined>,
  ) {
    this.#options = options
    this.#what = what
    this.#work = work
  }

  /** Tries now, unless a try is under way; rejects when it fails. */
  try(): Promise<void> {
    this.#cancelTimer?.()
    this.#trying ??= this.#try().finally(() => {
      this.#trying = undefined
    })
    return this.#trying
  }

  /** Tries after so many milliseconds. */
  tryIn(delayMs: number): void {
    this.#cancelTimer?.()
    if (this.#stopped) return
    const tryAgain = () => void this.try().catch(() => {})
    this.#cancelTimer = this.#options.clock.after(delayMs, tryAgain, { background: true })
  }

  /** A try has failed: says so, and tries again later. */
  failed(error: unknown): void {
    if (this.#stopped) return
    const { logger, random } = this.#options
    const delayMs = Math.round((this.#pauseMs * (1 + random())) / 2)
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs)
    this.tryIn(delayMs)
    logger.warn(`${this.#what}; it is tried again in ${delayMs} ms: ${String(error)}`)
  }

  /** Nothing has to be done any more. */
  stop(): void {
    this.#stopped = true
    this.#cancelTimer?.()
  }

  async #try(): Promise<void> {
    try {
      const delayMs = await this.#work()
      if (delayMs === undefined) this.stop()
      else this.tryIn(delayMs)
    } catch (error) {
      this.failed(error)
      throw error
    }
  }
}
