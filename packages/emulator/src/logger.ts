/** Where the emulator tells what happens. `console` fits. */
export interface Logger {
  info(message: string): void
  warn(message: string): void
}

/** Says nothing. The default: an emulator in a test should not fill its log. */
export const silentLogger: Logger = { info() {}, warn() {} }
