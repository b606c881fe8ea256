/** The checks of the doctor, in order. */
export type Check =
  | 'options'
  | 'credentials'
  | 'gateway'
  | 'clock'
  | 'key pair'
  | 'project'
  | 'asset'

/** The result of one check. It holds no secret. */
export interface Finding {
  readonly check: Check
  /**
   * `note`: works, but needs attention. `unknown`: an earlier problem prevented the check, or the gateway
   * gives no answer.
   */
  readonly state: 'ok' | 'note' | 'problem' | 'unknown'
  /** The result in one line. */
  readonly detail: string
  /** The next step after a problem or a note. */
  readonly hint?: string | undefined
}

export interface Diagnosis {
  /** True when no check found a problem. */
  readonly healthy: boolean
  readonly findings: readonly Finding[]
}

/** Returns the constructors of findings for one check. */
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
