import type { FaultEffect } from './fault-effect'

/** One kind of fault, as the status page offers it. */
export interface FaultKind {
  readonly label: string
  readonly effect: FaultEffect
  /** The field of `effect` that takes a number from the form. Undefined: the kind takes no number. */
  readonly field?: keyof FaultEffect
}

/** The kinds of faults in the order of the form. Each `effect` holds the default value. */
export const faultKinds: readonly FaultKind[] = [
  { label: 'HTTP status', effect: { status: 502 }, field: 'status' },
  { label: 'business code', effect: { code: 100000 }, field: 'code' },
  { label: 'delay (ms)', effect: { delayMs: 2000 }, field: 'delayMs' },
  { label: 'drop before the effect', effect: { drop: 'before' } },
  { label: 'drop after the effect', effect: { drop: 'after' } },
  { label: 'body cut short', effect: { truncate: true } },
  { label: 'invalid JSON', effect: { invalidJson: true } },
  { label: 'wrong shape', effect: { wrongShape: true } },
  { label: 'delivered twice', effect: { duplicate: true } },
  { label: 'clock skew (ms)', effect: { clockSkewMs: 400_000 }, field: 'clockSkewMs' },
  { label: 'quota exhausted (create)', effect: { quotaExhausted: true } },
  { label: 'creation fails (create)', effect: { creationFailed: true }, field: 'creationFailed' },
  { label: 'stream lost (a session)', effect: { streamLost: true } },
  { label: 'speech fails (speech)', effect: { speechFails: true } },
  { label: 'channel cut at message', effect: { cutAtMessage: 1 }, field: 'cutAtMessage' },
]
