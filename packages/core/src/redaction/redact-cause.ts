import { redactText } from './redact'
import { redact, redactUnlessClean } from './redact-value'

/**
 * A cause that can be printed: the cause itself when it shows no secret, else a copy without them.
 * Errors of a transport or a plugin may quote a signed URL, and a console prints causes too.
 */
export function redactCause(cause: unknown): unknown {
  if (typeof cause === 'string') return redactText(cause)
  if (typeof cause !== 'object' || cause === null) return cause
  try {
    const clean = redactUnlessClean(cause)
    return clean === cause && printsSecret(cause) ? redact(cause) : clean
  } catch {
    return 'what was thrown cannot be looked at'
  }
}

/** What a value prints may be more than its members: some print themselves in their own way. */
function printsSecret(value: object): boolean {
  // Loaded with the first error: importing the package stays cheap.
  const { inspect } = process.getBuiltinModule('node:util')
  const all = Number.POSITIVE_INFINITY
  const shown = inspect(value, { depth: 6, maxArrayLength: all, maxStringLength: all })
  return redactText(shown) !== shown
}
