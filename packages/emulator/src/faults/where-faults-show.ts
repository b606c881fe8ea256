import { type EndpointName, endpoints } from '@ivh-kit/core/protocol'
import type { FaultEffect } from './fault'

const endpointNames = Object.keys(endpoints) as EndpointName[]

/** Where a fault may strike: an endpoint, the command channel, or a drive that begins by either. */
export const faultTargets = [...endpointNames, 'commandChannel', 'drive'] as const
export type FaultTarget = (typeof faultTargets)[number]

const creates: readonly FaultTarget[] = ['createSession', 'createSessionByAsset']
const lists: readonly FaultTarget[] = [
  'listSessionOfUin',
  'listSessionOfProjectId',
  'listSessionOfAssetVk',
]
const calls: readonly FaultTarget[] = [...endpointNames, 'commandChannel']
const callsOfSession = endpointNames.filter(
  (name) => !creates.includes(name) && !lists.includes(name),
)

const whereShown: { readonly [Name in keyof FaultEffect]-?: readonly FaultTarget[] } = {
  delayMs: calls,
  clockSkewMs: calls,
  status: calls,
  code: calls,
  drop: calls,
  duplicate: endpointNames,
  truncate: endpointNames,
  invalidJson: endpointNames,
  wrongShape: endpointNames,
  quotaExhausted: creates,
  creationFailed: creates,
  streamLost: callsOfSession,
  driveFails: ['drive'],
  cutAtMessage: ['commandChannel'],
}

/** The name of an effect, in the order in which a fault is looked at. */
type EffectName = keyof FaultEffect
const effectNames = Object.keys(whereShown) as EffectName[]

/** Each of them makes the answer, and a call gets one. */
const answers: readonly EffectName[] = [
  'drop',
  'status',
  'code',
  'quotaExhausted',
  'truncate',
  'invalidJson',
  'wrongShape',
]
/** They change what a call brings about. */
const outcomes: readonly EffectName[] = [
  'duplicate',
  'creationFailed',
  'streamLost',
  'cutAtMessage',
]

function effectsOf(fault: FaultEffect): EffectName[] {
  return effectNames.filter((name) => fault[name] !== undefined)
}

/** Whether all that a fault does can be seen there. */
export function shows(fault: FaultEffect, target: FaultTarget): boolean {
  if (fault.drop === 'after' && target === 'commandChannel') return false
  return effectsOf(fault).every((name) => whereShown[name].includes(target))
}

/** One thing that is wrong with a fault. */
export interface Misfit {
  /** The field, where it is one. */
  readonly field?: string
  readonly why: string
}

/** Why a fault could never show, or not all of it: a mistake in the test that plans it. */
export function misfits(
  fault: FaultEffect & { readonly sessionId?: string | undefined },
  target: FaultTarget | undefined,
): Misfit[] {
  const effects = effectsOf(fault)
  if (effects.length === 0) return [{ why: 'names nothing to do' }]
  const found = [...misplaced(fault, effects, target), ...hidden(fault, effects)]
  if (found.length === 0 && !faultTargets.some((any) => shows(fault, any))) {
    found.push({ why: `${effects.join(' and ')} can be done to nothing together` })
  }
  if (fault.sessionId !== undefined && target && lists.includes(target)) {
    found.push({ field: 'sessionId', why: `never fits: a call of ${target} names no session` })
  }
  return found
}

function* misplaced(
  fault: FaultEffect,
  effects: readonly EffectName[],
  target: FaultTarget | undefined,
): Generator<Misfit> {
  if (target === undefined) return
  for (const field of effects) {
    const places = whereShown[field]
    if (places.includes(target)) continue
    const names = places.map((place) => `"${place}"`).join(' or ')
    yield {
      field,
      why: places.length > 2 ? `cannot be done to ${inWords(target)}` : `needs on: ${names}`,
    }
  }
  if (target === 'commandChannel' && fault.drop === 'after') {
    yield {
      field: 'drop',
      why: 'of the command channel is "before"; use cutAtMessage to cut it later',
    }
  }
}

function inWords(target: FaultTarget): string {
  if (target === 'commandChannel') return 'the command channel'
  return target === 'drive' ? 'a drive' : target
}

function* hidden(fault: FaultEffect, effects: readonly EffectName[]): Generator<Misfit> {
  const [answer, ...others] = answers.filter((name) => effects.includes(name))
  if (answer === undefined) return
  for (const field of others) yield { field, why: `is hidden by ${answer}: a call gets one answer` }
  const unheard = fault.drop === 'before' || fault.status !== undefined
  if (unheard && fault.clockSkewMs !== undefined) {
    yield { field: 'clockSkewMs', why: `is hidden by ${answer}: nobody looks at the timestamp` }
  }
  if (!unheard && fault.code === undefined && !fault.quotaExhausted) return
  for (const field of outcomes.filter((name) => effects.includes(name))) {
    yield { field, why: `is hidden by ${answer}: nothing takes effect` }
  }
}
