import { IvhError, type IvhErrorContext } from '@ivh-kit/kernel'
import type { PayloadIssue } from '../protocol/explain'

/** A request payload is invalid. Nothing was sent. `issues` lists the invalid fields. */
export class IvhValidationError extends IvhError {
  override readonly name = 'IvhValidationError'
  readonly kind = 'validation'
  readonly issues: readonly PayloadIssue[]

  constructor(issues: readonly PayloadIssue[], context: IvhErrorContext = {}) {
    const list = issues.map((issue) => `${issue.path} ${issue.message}`).join('; ')
    super('IvhValidationError', `The request is not valid: ${list}`, context)
    this.issues = issues
  }
}
