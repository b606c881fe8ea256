import type { ResolvedOptions } from '../../options/resolve-options'

const firstPauseMs = 5_000
const longestPauseMs = 300_000

/**
 * Repeats a task until it succeeds. Each failure is logged; the pause doubles from 5 s to 5 minutes. Its
 * timer does not keep the process alive.
 */
export class BackgroundRetry {
  readonly #options: ResolvedOptions
  readonly #problem: string
  readonly #task: () => Promise<number | undefined>
  #pauseMs = firstPauseMs
  #running: Promise<void> | undefined
  #cancelTimer: (() => void) | undefined
  #stopped = false

  /**
   * @param problem The beginning of the log line.
   * @param task Resolves with the milliseconds until the next run, or undefined when the work is done.
   */
  constructor(options: ResolvedOptions, problem: string, task: () => Promise<number | undefined>) {
    this.#options = options
    this.#problem = problem
    this.#task = task
  }

  /** Runs the task now, or joins a run in progress. Rejects when it fails. */
  runNow(): Promise<void> {
    this.#cancelTimer?.()
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Runs the task after `delayMs`. */
  runIn(delayMs: number): void {
    this.#cancelTimer?.()
    if (this.#stopped) return
    const run = () => void this.runNow().catch(() => {})
    this.#cancelTimer = this.#options.clock.after(delayMs, run, { background: true })
  }

  /** Logs a failure and schedules the next run. */
  failed(error: unknown): void {
    if (this.#stopped) return
    const { logger, random } = this.#options
    const delayMs = Math.round((this.#pauseMs * (1 + random())) / 2)
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs)
    this.runIn(delayMs)
    logger.warn(`${this.#problem}. Next attempt in ${delayMs} ms. Cause: ${String(error)}`)
  }

  /** Ends the retries. */
  stop(): void {
    this.#stopped = true
    this.#cancelTimer?.()
  }

  async #run(): Promise<void> {
    try {
      const delayMs = await this.#task()
      if (delayMs === undefined) this.stop()
      else this.runIn(delayMs)
    } catch (error) {
      this.failed(error)
      throw error
    }
  }
}
