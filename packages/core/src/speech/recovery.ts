import type { Clock } from '@ivh-kit/kernel'
import { pause } from '../async/pause'
import type { UnconfirmedTail } from './unconfirmed-tail'

/** How long after a reconnect, or after its last word, the service may take to tell more of a drive. */
export const replayGraceMs = 2_000
/** The events that are told again come together: when nothing followed for so long, they are all there. */
const replaySettleMs = 150
/**
 * Of fragments the service need not tell a word before a sentence is complete, or until it ends the
 * stream itself, after the longest StreamMaxInterval (1240/100399). Only then does silence say something.
 */
export const fragmentsGraceMs = 6_000 + replayGraceMs
/** The longest sentence has been spoken after this; what is unclear then stays so. */
const longestDoubtMs = 120_000

const silentStates = new Set(['Initial', 'TextOver', 'AudioOver', 'Error'])

/** Whether nothing is spoken, by the `SpeakStatus` of statsession. */
export function isSilent(speakStatus: string | undefined): boolean {
  return speakStatus !== undefined && silentStates.has(speakStatus)
}

/**
 * What the events of a drive say about what was sent: `whole`, there is one packet and any event
 * confirms it; `sentences`, SentenceStart and SentenceOver name the packet by its Seq; `first`, they say
 * no more than that the first packet arrived.
 */
export type Confirms = 'whole' | 'sentences' | 'first'

/** What to do with packets of which the service does not tell whether it has them. */
export type OnUncertain = 'report' | 'resend'

/** What is known of a drive after a reconnect; read again and again while events come in. */
export interface Knowledge {
  readonly confirms: Confirms
  readonly onUncertain: OnUncertain
  readonly tail: UnconfirmedTail
  /** When the connection came back, or the drive was heard of last. */
  readonly quietSince: number
  /** It was heard of since the connection came back. */
  readonly heard: boolean
  /** It was heard of at any time: the service has its beginning. */
  readonly known: boolean
  /** The service has spoken all that it is known to have. */
  readonly idle: boolean
}

/** What follows from it: `over`, it ended unheard; `uncertain`, nobody can know what was heard. */
export type Verdict = 'continue' | 'resend' | 'over' | 'uncertain'

/** Finds out what became of a drive; undefined when `signal` fires first. */
export async function recover(
  drive: Knowledge,
  {
    clock,
    speakStatus,
  }: { readonly clock: Clock; readonly speakStatus: () => Promise<string | undefined> },
  signal: AbortSignal,
): Promise<Verdict | undefined> {
  const until = clock.now() + longestDoubtMs
  let graceMs = mayBeHeldBack(drive) ? fragmentsGraceMs : replayGraceMs
  while (await quiet(drive, clock, () => (drive.heard ? settleMs(drive) : graceMs), signal)) {
    const verdict = drive.heard ? ofEvents(drive) : await ofSilence(drive, await speakStatus())
    if (signal.aborted) return undefined
    if (verdict) return verdict
    if (clock.now() >= until) return 'uncertain'
    graceMs = Math.min(graceMs * 2, longestDoubtMs / 4)
    if (!(await pause(clock, replaySettleMs, signal))) return undefined
  }
  return undefined
}

/** The service may have it and say nothing; and the caller does not want to risk that it is heard twice. */
function mayBeHeldBack({ confirms, known, tail, onUncertain }: Knowledge): boolean {
  const isText = tail.packets.some(({ text }) => text !== undefined)
  return confirms === 'first' && isText && !known && onUncertain === 'report'
}

/** A sentence is missing only when the service, with nothing left to speak, does not begin it. */
function settleMs({ confirms, tail }: Knowledge): number {
  return confirms === 'sentences' && tail.hasContent ? replayGraceMs : replaySettleMs
}

function ofEvents({ confirms, idle, tail, onUncertain }: Knowledge): Verdict | undefined {
  if (tail.packets.length === 0) return 'continue'
  if (!tail.hasContent) return 'resend'
  if (onUncertain === 'resend') return 'resend'
  if (confirms === 'sentences') return idle ? 'resend' : undefined
  // Its end will tell whether the final packet arrived, and so all before it.
  return tail.hasFinal ? 'continue' : 'uncertain'
}

/** Nothing was told again: the service does not have it, or has forgotten that it does. */
function ofSilence(drive: Knowledge, status: string | undefined): Verdict | undefined {
  const { heard, known, tail, onUncertain } = drive
  if (heard) return undefined
  const silent = isSilent(status)
  if (known) {
    if (!tail.hasContent) return silent ? 'over' : 'continue'
    return silent ? 'uncertain' : undefined
  }
  if (!tail.isComplete) return 'uncertain'
  return silent || onUncertain === 'resend' ? 'resend' : undefined
}

/** Waits until nothing was heard for so long. */
async function quiet(
  drive: Knowledge,
  clock: Clock,
  lengthMs: () => number,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    const left = drive.quietSince + lengthMs() - clock.now()
    if (left <= 0) return !signal.aborted
    if (!(await pause(clock, Math.min(left, replaySettleMs), signal))) return false
  }
}
