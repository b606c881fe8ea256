/** Facts beside the text of a log line. They never contain a key or a txSecret. */
export type LogContext = Readonly<Record<string, string | number | boolean | undefined>>

/** Receives log lines. `console` fits. */
export interface Logger {
  debug(message: string, context?: LogContext): void
  info(message: string, context?: LogContext): void
  warn(message: string, context?: LogContext): void
  error(message: string, context?: LogContext): void
}

const ignore = (): void => undefined

/** Ignores every line; the default. */
export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
}
