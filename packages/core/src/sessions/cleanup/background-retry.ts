import type { ResolvedOptions } from '../../options/resolve-options'

const firstPauseMs = 5_000
const longestPauseMs = 300_000

export type BackgroundRetry = ReturnType<typeof createBackgroundRetry>

/**
 * Repeats a task until it succeeds. Each failure is logged; the pause doubles from 5 s to 5 minutes. Its
 * timer does not keep the process alive.
 *
 * @param problem The beginning of the log line.
 * @param task Resolves with the milliseconds until the next run, or undefined when the work is done.
 */
export function createBackgroundRetry(
  { clock, logger, random }: ResolvedOptions,
  problem: string,
  task: () => Promise<number | undefined>,
) {
  let pauseMs = firstPauseMs
  let running: Promise<void> | undefined
  let cancelTimer = () => {}
  let stopped = false

  /** Runs the task now, or joins a run in progress. Rejects when it fails. */
  const runNow = (): Promise<void> => {
    cancelTimer()
    running ??= run().finally(() => {
      running = undefined
    })
    return running
  }
  const runIn = (delayMs: number) => {
    cancelTimer()
    if (stopped) return
    cancelTimer = clock.after(delayMs, () => void runNow().catch(() => {}), { background: true })
  }
  const failed = (error: unknown) => {
    if (stopped) return
    const delayMs = Math.round((pauseMs * (1 + random())) / 2)
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
    runIn(delayMs)
    logger.warn(`${problem}. Next attempt in ${delayMs} ms. Cause: ${String(error)}`)
  }
  const stop = () => {
    stopped = true
    cancelTimer()
  }
  const run = async () => {
    try {
      const delayMs = await task()
      if (delayMs === undefined) stop()
      else runIn(delayMs)
    } catch (error) {
      failed(error)
      throw error
    }
  }
  return { runNow, runIn, failed, stop }
}
