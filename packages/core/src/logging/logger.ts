import { redactText } from '@ivh-kit/kernel'

/** Receives the kit's log lines. `console` has this shape. */
export interface Logger {
  debug(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** Writes warnings and errors to the console, and drops debug lines. The default. */
export const consoleLogger: Logger = {
  debug() {},
  // biome-ignore lint/suspicious/noConsole: the default logger is the one place that writes to it
  warn: (message) => console.warn(`[ivh-kit] ${message}`),
  // biome-ignore lint/suspicious/noConsole: the default logger is the one place that writes to it
  error: (message) => console.error(`[ivh-kit] ${message}`),
}

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
