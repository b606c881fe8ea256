import { redactText } from '@ivh-kit/kernel'
import type { Logger } from '../logger'

/**
 * Hides secrets in whatever is logged, so that no caller of the logger has to think of it. Nor of a
 * logger that throws: what is logged about must go on, and there is nowhere left to tell of it.
 */
export function redactingLogger(logger: Logger): Logger {
  const telling = (level: keyof Logger) => (message: string) => {
    try {
      logger[level](redactText(message))
    } catch {}
  }
  return { debug: telling('debug'), warn: telling('warn'), error: telling('error') }
}
