/** What the doctor looks at, in this order. */
export type Check =
  | 'options'
  | 'credentials'
  | 'gateway'
  | 'clock'
  | 'key pair'
  | 'project'
  | 'asset'

/** What one look showed. It holds no secret. */
export interface Finding {
  readonly check: Check
  /**
   * `note`: works, but should be looked after. `unknown`: an earlier problem stands in the way, or the
   * gateway does not tell.
   */
  readonly state: 'ok' | 'note' | 'problem' | 'unknown'
  /** What was found, one line. */
  readonly detail: string
  /** What to do about a problem or a note. */
  readonly hint?: string | undefined
}

export interface Diagnosis {
  /** True when no check found a problem. */
  readonly healthy: boolean
  readonly findings: readonly Finding[]
}

/** Begins findings about one check. */
export function about(check: Check) {
  return {
    ok: (detail: string): Finding => ({ check, state: 'ok', detail }),
    unknown: (detail: string): Finding => ({ check, state: 'unknown', detail }),
    note: (detail: string, hint: string): Finding => ({ check, state: 'note', detail, hint }),
    problem: (detail: string, hint: string | undefined): Finding => ({
      check,
      state: 'problem',
      detail,
      hint,
    }),
  }
}
