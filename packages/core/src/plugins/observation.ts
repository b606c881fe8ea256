import type { Clock } from '@ivh-kit/kernel'
import { IvhConfigError } from '../errors'
import type { Logger } from '../logger'
import { createOpenings, type Openings } from './opening'
import type { IvhPlugin } from './plugin'
import { createRequestWatchers, type RequestWatchers } from './request-watch'
import { createRunObserver } from './run-observer'
import { createSessionWatchers, type SessionWatchers } from './session-watch'

/** Everything through which a client is looked at: by its plugins, and by `diagnostics_channel`. */
export interface Observation {
  readonly requests: RequestWatchers
  readonly sessions: SessionWatchers
  readonly openings: Openings
}

export function createObservation(parts: {
  readonly plugins: readonly IvhPlugin[]
  readonly clock: Clock
  readonly logger: Logger
}): Observation {
  const runObserver = createRunObserver(parts.logger)
  const requests = createRequestWatchers({ ...parts, runObserver })
  const sessions = createSessionWatchers({ ...parts, runObserver })
  const openings = createOpenings({ ...parts, runObserver, sessions })
  return { requests, sessions, openings }
}

/** @throws IvhConfigError unless it is a list of plugins, and each has a name of its own. */
export function checkPlugins(plugins: readonly IvhPlugin[]): readonly IvhPlugin[] {
  if (!Array.isArray(plugins)) {
    throw new IvhConfigError('plugins is no array', { hint: 'Give plugins: [plugin].' })
  }
  const names = new Set<string>()
  for (const [index, plugin] of plugins.entries()) {
    if (typeof plugin !== 'object' || plugin === null) {
      throw new IvhConfigError(`plugins[${index}] is no plugin`, {
        hint: 'Leave out what is switched off: plugins: on ? [plugin] : [].',
      })
    }
    const { name } = plugin
    if (!name) {
      throw new IvhConfigError('A plugin has no name', {
        hint: 'Errors and stored state are told apart by it; see definePlugin.',
      })
    }
    if (names.has(name)) {
      throw new IvhConfigError(`Two plugins are named "${name}"`, {
        hint: 'Give each plugin once, and every one a name of its own.',
      })
    }
    names.add(name)
  }
  return plugins
}
