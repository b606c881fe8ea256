import type { Clock } from '@ivh-kit/kernel'
import { pause } from '../../async/pause'
import type { Confirmation } from './confirmation'

/**
 * Maximum time in which the service reports more of a command, after a reconnect or its last event, in
 * milliseconds.
 */
const replayGraceMs = 2_000
/** Pause after which all repeated events have arrived, in milliseconds; they arrive together. */
const replaySettleMs = 150
/**
 * Maximum time in which the service reports fragments, in milliseconds. It may report them only when a
 * sentence is complete, or when it ends the stream itself, after the longest StreamMaxInterval (1240/100399).
 */
const fragmentsGraceMs = 6_000 + replayGraceMs
/**
 * Maximum time until a decision, in milliseconds; longer than any sentence. An arrival that is unknown after
 * it stays unknown.
 */
const longestDoubtMs = 120_000

const silentStates = new Set(['Initial', 'TextOver', 'AudioOver', 'Error'])

/** True when `SpeakStatus` of statsession says that the service speaks nothing. */
export function isSilent(speakStatus: string | undefined): boolean {
  return speakStatus !== undefined && silentStates.has(speakStatus)
}

/** Treatment of packets whose arrival is unknown. */
export type OnUncertain = 'report' | 'resend'

/**
 * The continuation of a command. `over`: the command has ended. `uncertain`: the arrival of its packets stays
 * unknown.
 */
type Verdict = 'continue' | 'resend' | 'over' | 'uncertain'

/** Decides after a reconnect how a command continues; undefined when `signal` fires first. */
export async function decideRecovery(
  confirmation: Confirmation,
  onUncertain: OnUncertain,
  context: { readonly clock: Clock; readonly speakStatus: () => Promise<string | undefined> },
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  const { clock, speakStatus } = context
  const until = clock.now() + longestDoubtMs
  let graceMs =
    onUncertain === 'report' && mayBeHeldBack(confirmation) ? fragmentsGraceMs : replayGraceMs
  const quietMs = () => (confirmation.knownSinceReconnect ? settleMs(confirmation) : graceMs)
  while (await quiet(confirmation, quietMs, clock, signal)) {
    const verdict = confirmation.knownSinceReconnect
      ? verdictFromEvents(confirmation, onUncertain)
      : verdictFromStatus(confirmation, onUncertain, await speakStatus())
    if (signal.aborted) return undefined
    if (verdict) return verdict
    if (clock.now() >= until) return 'uncertain'
    graceMs = Math.min(graceMs * 2, longestDoubtMs / 4)
    if (!(await pause(clock, replaySettleMs, signal))) return undefined
  }
  return undefined
}

/** True when the service may have fragments without reporting them. */
function mayBeHeldBack({ known, rule, unconfirmed }: Confirmation): boolean {
  return rule === 'first' && !known && unconfirmed.packets.some(({ text }) => text !== undefined)
}

/**
 * Returns the pause before a decision. A sentence is lost only when the service has spoken all others and
 * does not begin the missing one.
 */
function settleMs({ rule, unconfirmed }: Confirmation): number {
  return rule === 'sentences' && unconfirmed.hasContent ? replayGraceMs : replaySettleMs
}

function verdictFromEvents(
  { idle, rule, unconfirmed }: Confirmation,
  onUncertain: OnUncertain,
): Verdict | undefined {
  if (unconfirmed.packets.length === 0) return 'continue'
  if (!unconfirmed.hasContent || onUncertain === 'resend') return 'resend'
  if (rule === 'sentences') return idle ? 'resend' : undefined
  // Wait for the end of the command: it shows whether the final packet arrived, and therefore all packets
  // before it.
  return unconfirmed.hasFinal ? 'continue' : 'uncertain'
}

/** Decides when no event was repeated: the service does not have the command, or no longer reports it. */
function verdictFromStatus(
  { known, knownSinceReconnect, unconfirmed }: Confirmation,
  onUncertain: OnUncertain,
  status: string | undefined,
): Verdict | undefined {
  if (knownSinceReconnect) return undefined
  const silent = isSilent(status)
  if (known && !unconfirmed.hasContent) return silent ? 'over' : 'continue'
  if (known) return silent ? 'uncertain' : undefined
  if (!unconfirmed.isComplete) return 'uncertain'
  return silent || onUncertain === 'resend' ? 'resend' : undefined
}

/** Waits until no message about the command has arrived for `quietMs()`; false when `signal` fires. */
async function quiet(
  confirmation: Confirmation,
  quietMs: () => number,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    const left = confirmation.quietSince + quietMs() - clock.now()
    if (left <= 0) return !signal.aborted
    if (!(await pause(clock, Math.min(left, replaySettleMs), signal))) return false
  }
}
