import { endpointNames } from '../wire/emulated-endpoints'
import type { FaultEffect } from './fault-effect'

/** Targets of faults: an endpoint, the command channel, or the speech that a command starts. */
export const faultTargets = [...endpointNames, 'commandChannel', 'speech'] as const
export type FaultTarget = (typeof faultTargets)[number]

const creates: readonly FaultTarget[] = ['createSession', 'createSessionByAsset']
const lists: readonly FaultTarget[] = [
  'listSessionOfUin',
  'listSessionOfProjectId',
  'listSessionOfAssetVk',
]
const calls: readonly FaultTarget[] = [...endpointNames, 'commandChannel']
/** Calls that never have a SessionId. */
const withoutSession: readonly FaultTarget[] = [...lists, 'describeActionConfigCommandDetail']
const callsOfSession = endpointNames.filter(
  (name) => !creates.includes(name) && !withoutSession.includes(name),
)

const visibleAt: { readonly [Name in keyof FaultEffect]-?: readonly FaultTarget[] } = {
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
  speechFails: ['speech'],
  cutAtMessage: ['commandChannel'],
}

type EffectName = keyof FaultEffect
const effectNames = Object.keys(visibleAt) as EffectName[]

/** Effects that replace the response. A call has one response. */
const answers: readonly EffectName[] = [
  'drop',
  'status',
  'code',
  'quotaExhausted',
  'truncate',
  'invalidJson',
  'wrongShape',
]
/** Effects that change the result of a call. */
const outcomes: readonly EffectName[] = [
  'duplicate',
  'creationFailed',
  'streamLost',
  'cutAtMessage',
]

function effectsOf(fault: FaultEffect): EffectName[] {
  return effectNames.filter((name) => fault[name] !== undefined)
}

/** Returns true when all effects of a fault are visible at the target. */
export function shows(fault: FaultEffect, target: FaultTarget): boolean {
  if (fault.drop === 'after' && target === 'commandChannel') return false
  return effectsOf(fault).every((name) => visibleAt[name].includes(target))
}

/** One problem of a fault. */
export interface Misfit {
  /** The wrong field. Undefined: the fault as a whole is wrong. */
  readonly field?: string
  readonly why: string
}

/** Returns the reasons why some effects of a fault cannot be visible. */
export function misfits(
  fault: FaultEffect & { readonly sessionId?: string | undefined },
  target: FaultTarget | undefined,
): Misfit[] {
  const effects = effectsOf(fault)
  if (effects.length === 0) return [{ why: 'has no effect: set at least one' }]
  const found = [...misplaced(fault, effects, target), ...hidden(fault, effects)]
  if (found.length === 0 && !faultTargets.some((any) => shows(fault, any))) {
    found.push({ why: `${effects.join(' and ')} have no common target` })
  }
  if (fault.sessionId !== undefined && target && withoutSession.includes(target)) {
    found.push({ field: 'sessionId', why: `never matches: a call of ${target} has no SessionId` })
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
    const places = visibleAt[field]
    if (places.includes(target)) continue
    const names = places.map((place) => `"${place}"`).join(' or ')
    yield {
      field,
      why: places.length > 2 ? `has no effect on ${inWords(target)}` : `needs on: ${names}`,
    }
  }
  if (target === 'commandChannel' && fault.drop === 'after') {
    yield {
      field: 'drop',
      why: 'must be "before" for the command channel; use cutAtMessage to cut it later',
    }
  }
}

function inWords(target: FaultTarget): string {
  if (target === 'commandChannel') return 'the command channel'
  return target === 'speech' ? 'a speech' : target
}

function* hidden(fault: FaultEffect, effects: readonly EffectName[]): Generator<Misfit> {
  const [answer, ...others] = answers.filter((name) => effects.includes(name))
  if (answer === undefined) return
  for (const field of others) {
    yield { field, why: `is hidden by ${answer}: a call has one response` }
  }
  const unheard = fault.drop === 'before' || fault.status !== undefined
  if (unheard && fault.clockSkewMs !== undefined) {
    yield { field: 'clockSkewMs', why: `is hidden by ${answer}: the timestamp is not checked` }
  }
  if (!unheard && fault.code === undefined && !fault.quotaExhausted) return
  for (const field of outcomes.filter((name) => effects.includes(name))) {
    yield { field, why: `is hidden by ${answer}: the request has no effect` }
  }
}
