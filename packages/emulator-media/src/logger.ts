/** What a log line may carry beside its text. Never a key and never a txSecret. */
export type LogContext = Readonly<Record<string, string | number | boolean | undefined>>

/** Where the origin and the media plane report what they do. `console` fits. */
export interface MediaLogger {
  debug(message: string, context?: LogContext): void
  info(message: string, context?: LogContext): void
  warn(message: string, context?: LogContext): void
  error(message: string, context?: LogContext): void
}

const ignore = (): void => undefined

/** Says nothing; the default. */
export const silentLogger: MediaLogger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
}
