import { IvhConfigError } from '../errors'

/** How a client looks after the sessions that wait to become ready. */
export interface PollingOptions {
  /**
   * From how many waiting sessions on the account's list (listsessionofuin) is asked for all of them at
   * once, instead of statsession for each. The list only says about whom to ask: what ends a wait is
   * always the session's own statsession. `Infinity`: the list is never asked. Default 5.
   */
  readonly listFrom?: number | undefined
  /** How many statsession calls of waiting sessions may be under way at once. Default 64. */
  readonly concurrency?: number | undefined
}

/** @throws IvhConfigError naming the option that cannot be. */
export function resolvePolling(options: PollingOptions = {}) {
  return {
    listFrom: atLeastOne('polling.listFrom', options.listFrom ?? 5),
    concurrency: atLeastOne('polling.concurrency', options.concurrency ?? 64),
  }
}
export type ResolvedPolling = ReturnType<typeof resolvePolling>

function atLeastOne(option: string, value: number): number {
  if (value >= 1) return value
  throw new IvhConfigError(`${option} is ${value}`, { hint: 'Give a number from 1.' })
}
