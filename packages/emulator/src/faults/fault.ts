import * as z from 'zod'
import { type FaultTarget, faultTargets, misfits } from './where-faults-show'

export type { FaultTarget }

/** What is done to one request or channel. */
export interface FaultEffect {
  /** Waits so long, on the emulator's clock, before anything else. */
  readonly delayMs?: number | undefined
  /** The server's clock is so far ahead (negative: behind) when it looks at the timestamp. */
  readonly clockSkewMs?: number | undefined
  /** Answers with this HTTP status (400 to 599) and no envelope; nothing takes effect. */
  readonly status?: number | undefined
  /** Answers with this business code, not 0; nothing takes effect. */
  readonly code?: number | undefined
  /** Cuts the connection `before` the request takes effect, or `after`. */
  readonly drop?: 'before' | 'after' | undefined
  /** Handles the request twice, as a network that repeats it does; the second answer is sent. */
  readonly duplicate?: true | undefined
  /** The request takes effect, and the connection is cut within the answer. */
  readonly truncate?: true | undefined
  /** The request takes effect, and the answer is no JSON. */
  readonly invalidJson?: true | undefined
  /** The request takes effect, and the answer is JSON of another shape. */
  readonly wrongShape?: true | undefined
  /** A create is refused with 100008. */
  readonly quotaExhausted?: true | undefined
  /** A create succeeds, and the session ends in SessionStatus 4 with this code; `true` stands for -111003. */
  readonly creationFailed?: true | number | undefined
  /** The stream of the session that the call names drops before the call takes effect: CloseType 3, -111002. */
  readonly streamLost?: true | undefined
  /** The drive fails when it should be heard: Type 9 with -111005 and the state Error. */
  readonly driveFails?: true | undefined
  /** Cuts the command channel in place of the message with this number to the client, from 1. */
  readonly cutAtMessage?: number | undefined
}

/** One fault of a plan. */
export interface PlannedFault extends FaultEffect {
  /** Strikes only here. Default wherever all that it does can show. */
  readonly on?: FaultTarget | undefined
  /** Strikes only calls about this session. */
  readonly sessionId?: string | undefined
  /** Lets so many pass first. Default 0. */
  readonly skip?: number | undefined
  /** Strikes so many times. Default 1. */
  readonly times?: number | undefined
}

export interface ResolvedFault extends PlannedFault {
  readonly skip: number
  readonly times: number
}

const milliseconds = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)
const yes = z.literal(true)
const code = z
  .int()
  .refine((value) => value !== 0, { error: 'is never 0, which stands for success' })

const effectFields = {
  delayMs: milliseconds.optional(),
  clockSkewMs: z.int().optional(),
  status: z.int().min(400).max(599).optional(),
  code: code.optional(),
  drop: z.enum(['before', 'after']).optional(),
  duplicate: yes.optional(),
  truncate: yes.optional(),
  invalidJson: yes.optional(),
  wrongShape: yes.optional(),
  quotaExhausted: yes.optional(),
  creationFailed: z.union([yes, code]).optional(),
  streamLost: yes.optional(),
  driveFails: yes.optional(),
  cutAtMessage: z.int().min(1).optional(),
} satisfies { readonly [Name in keyof FaultEffect]-?: z.ZodType<FaultEffect[Name]> }

const effectSchema: z.ZodType<FaultEffect> = z.strictObject(effectFields)

const plannedFaultSchema: z.ZodType<ResolvedFault, PlannedFault> = z
  .strictObject({
    on: z.enum(faultTargets).optional(),
    sessionId: z.string().min(1).optional(),
    skip: z.int().min(0).default(0),
    times: z.int().min(1).default(1),
    ...effectFields,
  })
  .check((ctx) => refuseMisfits(ctx.value, ctx.value.on, (issue) => ctx.issues.push(issue)))

export const faultPlanSchema = z.array(plannedFaultSchema)

/** What the control header of one call may hold. */
export function controlHeaderSchema(target: FaultTarget) {
  return effectSchema.check((ctx) =>
    refuseMisfits(ctx.value, target, (issue) => ctx.issues.push(issue)),
  )
}

/** A fault that can never show is a mistake in the test that plans it. */
function refuseMisfits(
  fault: FaultEffect & { readonly sessionId?: string | undefined },
  target: FaultTarget | undefined,
  push: (issue: z.core.$ZodRawIssue) => void,
): void {
  for (const { field, why } of misfits(fault, target)) {
    push({ code: 'custom', path: field ? [field] : [], message: why, input: undefined })
  }
}
