import { IvhError, type IvhErrorContext, reasonOf, redact } from '@ivh-kit/kernel'
import type { PayloadIssue } from '../protocol/explain'

/** A request payload is invalid. Nothing was sent. `issues` lists the invalid fields. */
export class IvhValidationError extends IvhError {
  override readonly name = 'IvhValidationError'
  readonly kind = 'validation'
  readonly issues: readonly PayloadIssue[]

  constructor(issues: readonly PayloadIssue[], context: IvhErrorContext = {}) {
    super('IvhValidationError', `The request is not valid: ${listOf(issues)}`, context)
    this.issues = issues
  }
}

/** The call got no usable response: no connection, an error status, or a body that is not JSON. */
export class IvhTransportError extends IvhError {
  override readonly name = 'IvhTransportError'
  readonly kind = 'transport'
  /** The HTTP status; undefined without a response. */
  readonly status: number | undefined
  /** True when the request was certainly not sent: there was no connection. */
  readonly notSent: boolean
  /** The pause that the responding server asked for (`Retry-After`), in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(
    what: string,
    context: IvhErrorContext & {
      readonly status?: number | undefined
      readonly notSent?: boolean | undefined
      readonly retryAfterMs?: number | undefined
    } = {},
  ) {
    super('IvhTransportError', what, context)
    this.status = context.status
    this.notSent = context.notSent ?? false
    this.retryAfterMs = context.retryAfterMs
  }
}

/** A call, or the wait for a session, took longer than its timeout. */
export class IvhTimeoutError extends IvhError {
  override readonly name = 'IvhTimeoutError'
  readonly kind = 'timeout'
  /** The timeout in milliseconds. */
  readonly timeoutMs: number
  /** True when the request was certainly not sent: there was no connection yet. */
  readonly notSent: boolean

  constructor(
    what: string,
    timeoutMs: number,
    context: IvhErrorContext & { readonly notSent?: boolean | undefined } = {},
  ) {
    super('IvhTimeoutError', what, context)
    this.timeoutMs = timeoutMs
    this.notSent = context.notSent ?? false
  }
}

/** The caller's AbortSignal fired. `cause` is the signal's reason. */
export class IvhAbortError extends IvhError {
  override readonly name = 'IvhAbortError'
  readonly kind = 'abort'

  constructor(what: string, context: IvhErrorContext = {}) {
    super('IvhAbortError', what, context)
  }
}

/** The service reported success, but its response does not have the documented shape. */
export class IvhResponseShapeError extends IvhError {
  override readonly name = 'IvhResponseShapeError'
  readonly kind = 'response-shape'
  readonly issues: readonly PayloadIssue[]
  /** The response body, with secrets hidden. */
  readonly body: unknown

  constructor(issues: readonly PayloadIssue[], body: unknown, context: IvhErrorContext = {}) {
    super(
      'IvhResponseShapeError',
      `The response of IVH has an unexpected shape: ${listOf(issues)}`,
      {
        hint: 'Look at `body` of this error; the service may have changed.',
        ...context,
      },
    )
    this.issues = issues
    this.body = redact(body)
  }
}

/** A plugin threw an error, which is the `cause`. The message names the plugin and its slot. */
export class IvhPluginError extends IvhError {
  override readonly name = 'IvhPluginError'
  readonly kind = 'plugin'
  readonly plugin: string

  constructor(plugin: string, slot: string, cause: unknown, context: IvhErrorContext = {}) {
    super('IvhPluginError', `Plugin "${plugin}" failed in ${slot}: ${reasonOf(cause)}`, {
      ...context,
      cause,
    })
    this.plugin = plugin
  }
}

function listOf(issues: readonly PayloadIssue[]): string {
  return issues.map(({ path, message }) => `${path} ${message}`).join('; ')
}
