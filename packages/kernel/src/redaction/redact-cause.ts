import { redactText } from './redact-text'
import { redact, redactUnlessClean } from './redact-value'

/**
 * Returns the cause if it contains no secret, else a redacted copy. The error of a transport or a plugin
 * may quote a signed URL, and the console prints causes too.
 */
export function redactCause(cause: unknown): unknown {
  if (typeof cause === 'string') return redactText(cause)
  if (typeof cause !== 'object' || cause === null) return cause
  try {
    const clean = redactUnlessClean(cause)
    return clean === cause && printsSecret(cause) ? redact(cause) : clean
  } catch {
    return 'an unreadable value'
  }
}

/** Returns whether Node's `inspect` prints a secret. Some values print more than their members. */
function printsSecret(value: object): boolean {
  const util = globalThis.process?.getBuiltinModule?.('node:util')
  if (!util) return false
  const all = Number.POSITIVE_INFINITY
  const shown = util.inspect(value, { depth: 6, maxArrayLength: all, maxStringLength: all })
  return redactText(shown) !== shown
}
