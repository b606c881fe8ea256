import { redact, redactText } from './redact'

/**
 * A cause that can be printed: the cause itself when it shows no secret, else a copy without them.
 * Errors of a transport or a plugin may quote a signed URL, and a console prints causes too.
 */
export function redactCause(cause: unknown): unknown {
  if (typeof cause === 'string') return redactText(cause)
  if (typeof cause !== 'object' || cause === null) return cause
  // Loaded with the first error: importing the package stays cheap.
  const { inspect } = process.getBuiltinModule('node:util')
  const shown = inspect(cause, { depth: 6 })
  if (redactText(shown) === shown) return cause
  if (!(cause instanceof Error)) return redact(cause)
  const copy = new Error(redactText(cause.message), { cause: redactCause(cause.cause) })
  copy.name = cause.name
  if (cause.stack !== undefined) copy.stack = redactText(cause.stack)
  if ('code' in cause) Object.assign(copy, { code: redact(cause.code) })
  return copy
}
