import * as z from 'zod'
import type { FaultEffect } from './fault-effect'
import { type FaultTarget, faultTargets, misfits } from './fault-targets'

/** One fault of a plan. */
export interface PlannedFault extends FaultEffect {
  /** The only target. Default: every target that shows all effects. */
  readonly on?: FaultTarget | undefined
  /** Applies only to calls with this SessionId. */
  readonly sessionId?: string | undefined
  /** Number of matching calls to skip. Default 0. */
  readonly skip?: number | undefined
  /** Number of times that the fault applies. Default 1. */
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
const code = z.int().refine((value) => value !== 0, { error: 'must not be 0, the code of success' })

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
  speechFails: yes.optional(),
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

/** Schema of the control header of one call. */
export function controlHeaderSchema(target: FaultTarget) {
  return effectSchema.check((ctx) =>
    refuseMisfits(ctx.value, target, (issue) => ctx.issues.push(issue)),
  )
}

/** Refuses faults without a visible effect: they are mistakes in a test. */
function refuseMisfits(
  fault: FaultEffect & { readonly sessionId?: string | undefined },
  target: FaultTarget | undefined,
  push: (issue: z.core.$ZodRawIssue) => void,
): void {
  for (const { field, why } of misfits(fault, target)) {
    push({ code: 'custom', path: field ? [field] : [], message: why, input: undefined })
  }
}
