import { IvhError, type IvhErrorContext, redact } from '@ivh-kit/kernel'
import type { PayloadIssue } from '../protocol/explain'

/** The service reported success, but its response does not have the documented shape. */
export class IvhResponseShapeError extends IvhError {
  override readonly name = 'IvhResponseShapeError'
  readonly kind = 'response-shape'
  readonly issues: readonly PayloadIssue[]
  /** The response body, with secrets hidden. */
  readonly body: unknown

  constructor(issues: readonly PayloadIssue[], body: unknown, context: IvhErrorContext = {}) {
    const list = issues.map((issue) => `${issue.path} ${issue.message}`).join('; ')
    super('IvhResponseShapeError', `The response of IVH has an unexpected shape: ${list}`, {
      hint: 'Look at `body` of this error; the service may have changed.',
      ...context,
    })
    this.issues = issues
    this.body = redact(body)
  }
}
