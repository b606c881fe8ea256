/** Time between two looks at the parent process, in milliseconds. */
const lookEveryMs = 500

/**
 * Calls `stop` when `npx` has ended. `npx` runs the command in a shell and passes a signal to that shell only,
 * so the emulator would continue without it. No-op for an emulator that another program started: that
 * program may leave it in the background on purpose.
 */
export function stopWithNpx(stop: () => void, { env, ppid: parent } = process): void {
  const byNpx = env.npm_lifecycle_event === 'npx'
  if (!byNpx || !/^\W*ivh-emulator\b/.test(env.npm_lifecycle_script ?? '')) return
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop()
  }, lookEveryMs)
  timer.unref()
}
