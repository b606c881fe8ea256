import type { Clock } from '@ivh-kit/kernel'
import type { IvhPlugin } from '../contracts/plugin'
import { IvhConfigError } from '../errors'
import type { Logger } from '../logging/logger'
import { createOpenings } from './opening'
import { createRequestWatchers } from './request-watch'
import { createRunObserver } from './run-observer'
import { createSessionWatchers } from './session-watch'

export function createObservation(parts: {
  readonly plugins: readonly IvhPlugin[]
  readonly clock: Clock
  readonly logger: Logger
}) {
  const runObserver = createRunObserver(parts.logger)
  const requests = createRequestWatchers({ ...parts, runObserver })
  const sessions = createSessionWatchers({ ...parts, runObserver })
  const openings = createOpenings({ ...parts, runObserver, sessions })
  return { requests, sessions, openings }
}

/** @throws IvhConfigError unless `plugins` is an array of plugins with different names. */
export function checkPlugins(plugins: readonly IvhPlugin[]): readonly IvhPlugin[] {
  if (!Array.isArray(plugins)) {
    throw new IvhConfigError('plugins must be an array', { hint: 'Give plugins: [plugin].' })
  }
  const names = new Set<string>()
  for (const [index, plugin] of plugins.entries()) {
    if (typeof plugin !== 'object' || plugin === null) {
      throw new IvhConfigError(`plugins[${index}] must be a plugin`, {
        hint: 'Leave out a plugin that is switched off: plugins: on ? [plugin] : [].',
      })
    }
    const { name } = plugin
    if (!name) {
      throw new IvhConfigError('A plugin has no name', {
        hint: 'Errors and stored state use the name; see definePlugin.',
      })
    }
    if (names.has(name)) {
      throw new IvhConfigError(`Two plugins are named "${name}"`, {
        hint: 'Pass each plugin once, and give each its own name.',
      })
    }
    names.add(name)
  }
  return plugins
}
