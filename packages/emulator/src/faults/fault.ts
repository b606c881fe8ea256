import { type EndpointName, endpoints } from '@ivh-kit/core/protocol'
import * as z from 'zod'

const endpointNames = Object.keys(endpoints) as EndpointName[]

/** Where a fault may strike: an endpoint, the command channel, or a drive that begins by either. */
export const faultTargets = [...endpointNames, 'commandChannel', 'drive'] as const
export type FaultTarget = (typeof faultTargets)[number]

const milliseconds = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
const yes = z.literal(true)

const effectFields = {
  /** Waits so long, on the emulator's clock, before anything else. */
  delayMs: milliseconds.optional(),
  /** The server's clock is so far ahead (negative: behind) when it looks at the timestamp. */
  clockSkewMs: z.int().optional(),
  /** Answers with this HTTP status and no envelope; nothing takes effect. */
  status: z.int().min(400).max(599).optional(),
  /** Answers with this business code; nothing takes effect. */
  code: z.int().optional(),
  /** Cuts the connection `before` the request takes effect, or `after`. */
  drop: z.enum(['before', 'after']).optional(),
  /** Handles the request twice, as a network that repeats it does; the second answer is sent. */
  duplicate: yes.optional(),
  /** The request takes effect, and the connection is cut within the answer. */
  truncate: yes.optional(),
  /** The request takes effect, and the answer is no JSON. */
  invalidJson: yes.optional(),
  /** The request takes effect, and the answer is JSON of another shape. */
  wrongShape: yes.optional(),
  /** A create is refused with 100008. */
  quotaExhausted: yes.optional(),
  /** A create succeeds, and the session ends in SessionStatus 4 with -111003. */
  creationFailed: yes.optional(),
  /** The drive fails when it should be heard: Type 9 with -111005 and the state Error. Needs `on: 'drive'`. */
  driveFails: yes.optional(),
  /** Cuts the command channel in place of the message with this number to the client, from 1. */
  cutAtMessage: z.int().min(1).optional(),
}

const effectSchema = z.strictObject(effectFields)

/** What is done to one request or channel. */
export type FaultEffect = z.output<typeof effectSchema>

/** One fault of a plan. */
const plannedFaultSchema = z
  .strictObject({
    /** Strikes only here. Default anywhere. */
    on: z.enum(faultTargets).optional(),
    /** Strikes only calls about this session. */
    sessionId: z.string().min(1).optional(),
    /** Lets so many pass first. Default 0. */
    skip: z.int().min(0).default(0),
    /** Strikes so many times. Default 1. */
    times: z.int().min(1).default(1),
    ...effectFields,
  })
  .check((ctx) => refuseMisfits(ctx.value, ctx.value.on, (issue) => ctx.issues.push(issue)))

export const faultPlanSchema = z.array(plannedFaultSchema)
export type PlannedFault = z.input<typeof plannedFaultSchema>
export type ResolvedFault = z.output<typeof plannedFaultSchema>

/** What the control header of one call may hold. */
export function controlHeaderSchema(target: FaultTarget) {
  return effectSchema.check((ctx) =>
    refuseMisfits(ctx.value, target, (issue) => ctx.issues.push(issue)),
  )
}

const channelEffects: ReadonlySet<string> = new Set([
  'delayMs',
  'clockSkewMs',
  'status',
  'code',
  'drop',
  'cutAtMessage',
])
const createEffects = ['quotaExhausted', 'creationFailed'] as const

/** A fault that can never show is a mistake in the test that plans it. */
function refuseMisfits(
  fault: FaultEffect,
  target: FaultTarget | undefined,
  push: (issue: z.core.$ZodRawIssue) => void,
): void {
  const report = (path: string[], message: string) =>
    push({ code: 'custom', path, message, input: undefined })
  const effects = Object.keys(effectFields).filter((name) => Object.hasOwn(fault, name))
  if (effects.length === 0) report([], 'names nothing to do')
  for (const name of effects) {
    if (target === 'commandChannel' && !channelEffects.has(name)) {
      report([name], 'cannot be done to the command channel')
    }
    if ((target === 'drive') !== (name === 'driveFails')) {
      report([name], target === 'drive' ? 'cannot be done to a drive' : 'needs on: "drive"')
    }
    if (target !== 'commandChannel' && name === 'cutAtMessage') {
      report([name], 'needs on: "commandChannel"')
    }
  }
  const onCreate = target === 'createSession' || target === 'createSessionByAsset'
  for (const name of createEffects) {
    if (fault[name] && !onCreate)
      report([name], 'needs on: "createSession" or "createSessionByAsset"')
  }
  if (target === 'commandChannel' && fault.drop === 'after') {
    report(['drop'], 'of the command channel is "before"; use cutAtMessage to cut it later')
  }
}
