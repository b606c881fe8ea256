/** Loads undici on first use, because it takes longer to load than the rest of the package. */
export function loadUndici(): Promise<typeof import('undici')> {
  return import('undici')
}
