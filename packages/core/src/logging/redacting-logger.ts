import { redactText } from '@ivh-kit/kernel'
import type { Logger } from './logger'

/**
 * Wraps a logger so that secrets are hidden in every line. Errors of the logger are ignored, because a
 * failing log must not stop the work.
 */
export function redactingLogger(logger: Logger): Logger {
  const redacted = (level: keyof Logger) => (message: string) => {
    try {
      logger[level](redactText(message))
    } catch {}
  }
  return { debug: redacted('debug'), warn: redacted('warn'), error: redacted('error') }
}
