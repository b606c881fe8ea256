import { IvhPluginError } from '../errors'
import type { Logger } from '../logger'

/** Runs a slot of a plugin that only looks on; gives what that returns, or undefined when it threw. */
export type RunObserver = <Value>(
  plugin: string,
  slot: string,
  look: () => Value,
) => Value | undefined

/**
 * A plugin that only looks on must not change what it looks at, so what it throws is logged: once for
 * each plugin and slot, as the slot of every call would fill the log.
 */
export function createRunObserver(logger: Logger): RunObserver {
  const complained = new Set<string>()
  const complain = (plugin: string, slot: string, cause: unknown) => {
    const place = `${slot} ${plugin}`
    if (complained.has(place)) return
    complained.add(place)
    const { message } = new IvhPluginError(plugin, slot, cause)
    logger.error(`${message} It goes on without; further failures of this kind are not logged.`)
  }
  return (plugin, slot, look) => {
    try {
      const returned = look()
      // An async function fits the type; its rejection must not end the process.
      if (returned instanceof Promise) {
        returned.catch((cause: unknown) => complain(plugin, slot, cause))
        return undefined
      }
      return returned
    } catch (cause) {
      complain(plugin, slot, cause)
      return undefined
    }
  }
}
