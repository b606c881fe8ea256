import type { IvhClient } from '@ivh-kit/core'
import { IvhConfigError } from '@ivh-kit/kernel'

/** A process that opens sessions. */
export interface Replica {
  /**
   * 1–15 letters, digits, `_` and `-`. No two running processes may have the same name, and a process must
   * have it again after a crash: the name of a pod in a StatefulSet, for example.
   */
  readonly name: string
  /** `ivh.sessions` of the client that `open` uses. */
  readonly sessions: Pick<IvhClient['sessions'], 'closeOrphans'>
}

/** Longest UserId of a TRTC room, in characters. */
const longestUserId = 32

/** @throws IvhConfigError for a wrong name or a missing session manager. */
export function checkReplica(replica: Replica): Replica {
  if (typeof replica.sessions?.closeOrphans !== 'function') {
    throw new IvhConfigError('replica.sessions is missing', {
      code: 'missing-option',
      option: 'replica',
      hint: 'Give the sessions of the client: { name, sessions: ivh.sessions }.',
    })
  }
  if (/^[\w-]{1,15}$/.test(replica.name)) return replica
  throw new IvhConfigError(`replica.name is ${JSON.stringify(replica.name)}`, {
    option: 'replica',
    hint: 'Use 1 to 15 letters, digits, "_" and "-".',
  })
}

/** The id of a visitor: that of the visit, behind the name of the replica. */
export function visitorIdOf(visitId: string, replica: Replica | undefined): string {
  return replica ? `${replica.name}-${visitId}`.slice(0, longestUserId) : visitId
}
