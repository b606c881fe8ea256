import type { LogContext, Logger } from '../logger'

/** Collects the log lines, each with its context as text. */
export class RecordingLogger implements Logger {
  readonly lines: string[] = []

  debug(message: string, context?: LogContext): void {
    this.#record('debug', message, context)
  }
  info(message: string, context?: LogContext): void {
    this.#record('info', message, context)
  }
  warn(message: string, context?: LogContext): void {
    this.#record('warn', message, context)
  }
  error(message: string, context?: LogContext): void {
    this.#record('error', message, context)
  }

  get text(): string {
    return this.lines.join('\n')
  }

  #record(level: string, message: string, context: LogContext = {}): void {
    this.lines.push(`${level} ${message} ${JSON.stringify(context)}`)
  }
}
