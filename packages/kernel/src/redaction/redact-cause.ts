import { redactText } from './redact-text'
import { redact, redactUnlessClean } from './redact-value'

/**
 * Makes a cause safe to print: the cause itself when it shows no secret, else a redacted copy.
 * A transport's or plugin's error may quote a signed URL, and the console prints causes too.
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

/** True when Node's `inspect` of the value shows a secret: some values print more than their members. */
function printsSecret(value: object): boolean {
  const util = globalThis.process?.getBuiltinModule?.('node:util')
  if (!util) return false
  const all = Number.POSITIVE_INFINITY
  const shown = util.inspect(value, { depth: 6, maxArrayLength: all, maxStringLength: all })
  return redactText(shown) !== shown
}
