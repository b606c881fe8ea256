import type { Logger } from '../logger'
import { redactText } from './redact'

/** Hides secrets in whatever is logged, so that no caller of the logger has to think of it. */
export function redactingLogger(logger: Logger): Logger {
  return {
    debug: (message) => logger.debug(redactText(message)),
    warn: (message) => logger.warn(redactText(message)),
    error: (message) => logger.error(redactText(message)),
  }
}
