import { IvhError, type IvhErrorContext, redact } from '@ivh-kit/kernel'
import type { PayloadIssue } from '../protocol/explain'

/** The service said success, but its answer lacks what the API promises. */
export class IvhResponseShapeError extends IvhError {
  override readonly name = 'IvhResponseShapeError'
  readonly kind = 'response-shape'
  readonly issues: readonly PayloadIssue[]
  /** The answer as it came, secrets hidden. */
  readonly body: unknown

  constructor(issues: readonly PayloadIssue[], body: unknown, context: IvhErrorContext = {}) {
    const list = issues.map((issue) => `${issue.path} ${issue.message}`).join('; ')
    super('IvhResponseShapeError', `The answer of IVH has an unexpected shape: ${list}`, {
      hint: 'Look at `body` of this error; the service may have changed.',
      ...context,
    })
    this.issues = issues
    this.body = redact(body)
  }
}
