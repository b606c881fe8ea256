import { IvhPluginError } from '../errors'
import type { Logger } from '../logging/logger'

/** Runs an observing slot of a plugin. Returns its result, or undefined when it threw. */
export type RunObserver = <Value>(
  plugin: string,
  slot: string,
  observe: () => Value,
) => Value | undefined

/**
 * Creates the function that runs observing slots. A failure of an observer must not change the observed
 * call, so it is logged, once per plugin and slot.
 */
export function createRunObserver(logger: Logger): RunObserver {
  const reported = new Set<string>()
  const report = (plugin: string, slot: string, cause: unknown) => {
    const place = `${slot} ${plugin}`
    if (reported.has(place)) return
    reported.add(place)
    const { message } = new IvhPluginError(plugin, slot, cause)
    logger.error(`${message} Continuing without it; further failures of this slot are not logged.`)
  }
  return (plugin, slot, observe) => {
    try {
      const returned = observe()
      // Handle a promise: the type accepts an async function, and a rejection must not end the process.
      if (returned instanceof Promise) {
        returned.catch((cause: unknown) => report(plugin, slot, cause))
        return undefined
      }
      return returned
    } catch (cause) {
      report(plugin, slot, cause)
      return undefined
    }
  }
}
