import type { Clock } from '@ivh-kit/kernel'
import { type Interruption, withDeadline } from '../async/with-deadline'
import type { IvhPlugin } from '../contracts/plugin'
import { IvhPluginError } from '../errors'

/** Runs the `setup` of every plugin before the first call. */
export function createPluginSetup(parts: {
  readonly plugins: readonly IvhPlugin[]
  readonly clock: Clock
  readonly timeoutMs: number
}) {
  const { clock, timeoutMs } = parts
  const waiting = parts.plugins.filter(({ setup }) => setup)
  let running: Promise<void> | undefined

  const setUp = async () => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      await setUpOne(next, clock, timeoutMs)
      waiting.shift()
    }
  }
  return {
    /** True when every plugin is set up. */
    get isDone() {
      return waiting.length === 0
    },
    /**
     * Resolves when every plugin is set up, or with the reason why the wait was interrupted. The setup then
     * continues in the background.
     *
     * @throws IvhPluginError of the first plugin that failed. The next call repeats its setup.
     */
    async run(signal?: AbortSignal, ownTimeoutMs?: number): Promise<Interruption | undefined> {
      if (waiting.length === 0) return undefined
      running ??= setUp().finally(() => {
        running = undefined
      })
      const current = running
      const limits = { clock, signal, timeoutMs: ownTimeoutMs }
      return (await withDeadline(() => current, limits)).interrupted
    },
  }
}

async function setUpOne(plugin: IvhPlugin, clock: Clock, timeoutMs: number): Promise<void> {
  const { name } = plugin
  const run = async () => plugin.setup?.()
  const result = await withDeadline(run, { clock, timeoutMs }).catch((cause: unknown) => {
    throw new IvhPluginError(name, 'setup', cause)
  })
  if (result.interrupted) {
    throw new IvhPluginError(name, 'setup', `it did not finish within ${timeoutMs} ms`)
  }
}
