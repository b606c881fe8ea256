import { IvhConfigError } from '@ivh-kit/kernel'
import type * as z from 'zod'
import { Refusal } from '../wire/refusal'
import {
  controlHeaderSchema,
  faultPlanSchema,
  type PlannedFault,
  type ResolvedFault,
} from './fault'
import type { FaultEffect } from './fault-effect'
import { type FaultTarget, shows } from './fault-targets'

/** Header with a fault for one call, as JSON. */
export const controlHeader = 'x-ivh-emulator'

/** The plan of faults. */
export interface Faults {
  /**
   * Adds faults. The first fault that matches a call is applied: it skips `skip` calls, then applies
   * `times` times.
   *
   * @throws IvhConfigError naming the wrong field of a fault.
   */
  plan(faults: readonly PlannedFault[]): void
  /** The remaining faults. */
  readonly pending: readonly ResolvedFault[]
  /** Clears the plan. */
  clear(): void
}

/** Receives a description of each applied fault. */
export type ReportFault = (text: string, sessionId: string | undefined) => void

export class FaultPlan implements Faults {
  readonly #report: ReportFault
  #pending: ResolvedFault[] = []

  constructor(report: ReportFault) {
    this.#report = report
  }

  get pending(): readonly ResolvedFault[] {
    return this.#pending.map((fault) => ({ ...fault }))
  }

  plan(faults: readonly PlannedFault[]): void {
    const result = faultPlanSchema.safeParse(faults)
    if (!result.success) {
      throw new IvhConfigError(`the fault plan is wrong: ${issuesText(result.error)}`, {
        option: 'faults',
      })
    }
    this.#pending.push(...result.data)
  }

  clear(): void {
    this.#pending = []
  }

  /**
   * Takes the fault for a call: that of its own header, otherwise the next planned one.
   *
   * @throws Refusal 100001 with HTTP status 400 for an unreadable header.
   */
  take(
    target: FaultTarget,
    sessionId: string | undefined,
    header: string | undefined,
  ): FaultEffect | undefined {
    const effect = header === undefined ? this.#next(target, sessionId) : read(target, header)
    if (effect) this.#report(`${target}: ${JSON.stringify(effect)}`, sessionId)
    return effect
  }

  #next(target: FaultTarget, sessionId: string | undefined): FaultEffect | undefined {
    for (const [index, fault] of this.#pending.entries()) {
      if (fault.on === undefined ? !shows(fault, target) : fault.on !== target) continue
      if (fault.sessionId !== undefined && fault.sessionId !== sessionId) continue
      if (fault.skip > 0) {
        this.#pending[index] = { ...fault, skip: fault.skip - 1 }
        continue
      }
      if (fault.times > 1) this.#pending[index] = { ...fault, times: fault.times - 1 }
      else this.#pending.splice(index, 1)
      const { on: _on, sessionId: _id, skip: _skip, times: _times, ...effect } = fault
      return effect
    }
    return undefined
  }
}

function read(target: FaultTarget, header: string): FaultEffect {
  let value: unknown
  try {
    value = JSON.parse(header)
  } catch {
    throw new Refusal(100001, `the header ${controlHeader} must hold JSON`, 400)
  }
  const result = controlHeaderSchema(target).safeParse(value)
  if (result.success) return result.data
  throw new Refusal(
    100001,
    `the header ${controlHeader} is wrong: ${issuesText(result.error)}`,
    400,
  )
}

function issuesText(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')} ${message}` : message))
    .join('; ')
}
