/** Receives the emulator's log lines. `console` fits. */
export interface Logger {
  info(message: string): void
  warn(message: string): void
}

/** Logger that drops all lines. */
export const silentLogger: Logger = { info() {}, warn() {} }
