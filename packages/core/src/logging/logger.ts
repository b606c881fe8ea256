/** Where the kit writes what a person should see. `console` fits, and so does Nest's or pino's shape wrapped. */
export interface Logger {
  debug(message: string): void
  warn(message: string): void
  error(message: string): void
}

/** Warnings and errors to the console, nothing else. The default. */
export const consoleLogger: Logger = {
  debug() {},
  // biome-ignore lint/suspicious/noConsole: the default logger is the one place that writes to it
  warn: (message) => console.warn(`[ivh-kit] ${message}`),
  // biome-ignore lint/suspicious/noConsole: the default logger is the one place that writes to it
  error: (message) => console.error(`[ivh-kit] ${message}`),
}
