/**
 * Writes a warning for developers to the console. The player has no other way to reach the author
 * of a page whose player never gives up.
 */
export function warn(message: string): void {
  // biome-ignore lint/suspicious/noConsole: the one place of the player that writes to the console
  console.warn(`<ivh-player>: ${message}`)
}
