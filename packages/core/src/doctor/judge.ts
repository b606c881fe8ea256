import { isApiError, isIvhError, type ListSessionsResponse } from '@ivh-kit/core'
import { about, type Finding } from './finding'
import type { Observation } from './observing-transport'

/** The result of a list call: the list, or the error. */
export type Asked =
  | { readonly sessions: ListSessionsResponse['Sessions'] }
  | { readonly error: unknown }

/**
 * Minimum clock error that gets a note, in milliseconds. The service accepts signatures up to 5 minutes old
 * (1211/62053).
 */
const noticedMs = 30_000
const refusedMs = 5 * 60_000

const otherRegion =
  'Copy both again from the digital-human console. If they are right there, they may belong to the other region: "international" and "mainland" have separate accounts.'

/** Converts an error of the kit to a finding. */
export function problemOf(check: Finding['check'], error: unknown): Finding {
  if (!isIvhError(error)) return about(check).problem(String(error), undefined)
  const { message, hint } = error
  return about(check).problem(hint ? message.replace(` ${hint}`, '') : message, hint)
}

/** Checks that the gateway is reachable. Any response in the API's form proves it, even a refusal. */
export function judgeGateway(asked: Asked, seen: Observation): Finding {
  const error = 'error' in asked ? asked.error : undefined
  const refused = seen.status === 401 || seen.status === 403
  if (error === undefined || isApiError(error) || refused) return about('gateway').ok('it answers')
  return problemOf('gateway', error)
}

/** Compares the local clock with the gateway's `Date`. */
export function judgeClock({ aheadMs }: Observation): Finding {
  const clock = about('clock')
  if (aheadMs === undefined) return clock.unknown('the gateway did not tell its time')
  const apart = Math.abs(aheadMs)
  const told = `${Math.round(apart / 1_000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} the gateway’s`
  if (apart < noticedMs) return clock.ok('it agrees with the gateway’s')
  const hint = 'Set the clock of this machine, best with NTP.'
  return apart > refusedMs
    ? clock.problem(
        `it is ${told}: too far for its signatures; the client corrects them after the first refusal`,
        hint,
      )
    : clock.note(`it is ${told}: signatures are still taken`, hint)
}

/** Checks the key pair by the gateway's response to a signature. */
export function judgeKeyPair(asked: Asked, seen: Observation): Finding {
  const keyPair = about('key pair')
  if ('sessions' in asked) {
    const count = asked.sessions.length
    return keyPair.ok(`accepted; ${count} ${count === 1 ? 'session is' : 'sessions are'} open`)
  }
  if (!seen.answered) return keyPair.unknown('not tried: the gateway does not answer')
  const { error } = asked
  if (seen.status === 401 || seen.status === 403 || isApiError(error, 'authorisation')) {
    return keyPair.problem('the app key and the access token were refused', otherRegion)
  }
  if (isApiError(error)) return problemOf('key pair', error)
  return keyPair.unknown('not tried: what answers is no IVH gateway')
}

/** Checks access to a project or an asset. */
export function judgeOwnership(check: 'project' | 'asset', asked: Asked): Finding {
  return 'sessions' in asked
    ? about(check).ok('the account may use it')
    : problemOf(check, asked.error)
}
