import type * as z from 'zod'
import { Refusal } from '../gateway/refusal'
import type { EventLog } from '../record/event-log'
import {
  controlHeaderSchema,
  type FaultEffect,
  type FaultTarget,
  faultPlanSchema,
  type PlannedFault,
  type ResolvedFault,
} from './fault'
import { shows } from './where-faults-show'

/** The header of one call that asks for a fault of its own, as JSON. */
export const controlHeader = 'x-ivh-emulator'

/** The faults that are yet to come. */
export interface Faults {
  /**
   * Adds faults. Of those that fit a call the first strikes, `times` times after `skip` calls that it
   * let pass.
   *
   * @throws TypeError naming the field of a fault that is wrong.
   */
  plan(faults: readonly PlannedFault[]): void
  /** What is left of the plan. */
  readonly pending: readonly ResolvedFault[]
  /** Forgets the plan. */
  clear(): void
}

export class FaultPlan implements Faults {
  readonly #events: EventLog
  #pending: ResolvedFault[] = []

  constructor(events: EventLog) {
    this.#events = events
  }

  get pending(): readonly ResolvedFault[] {
    return this.#pending.map((fault) => ({ ...fault }))
  }

  plan(faults: readonly PlannedFault[]): void {
    const result = faultPlanSchema.safeParse(faults)
    if (!result.success) throw new TypeError(`the fault plan is wrong: ${explain(result.error)}`)
    this.#pending.push(...result.data)
  }

  clear(): void {
    this.#pending = []
  }

  /**
   * What shall be done to this call: what its own header says, or else what is planned.
   *
   * @throws Refusal 100001 with HTTP status 400 for a header that cannot be read.
   */
  take(
    target: FaultTarget,
    sessionId: string | undefined,
    header: string | undefined,
  ): FaultEffect | undefined {
    const effect = header === undefined ? this.#next(target, sessionId) : read(target, header)
    if (effect) this.#events.info('fault', `${target}: ${JSON.stringify(effect)}`, sessionId)
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
  throw new Refusal(100001, `the header ${controlHeader} is wrong: ${explain(result.error)}`, 400)
}

function explain(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')} ${message}` : message))
    .join('; ')
}
