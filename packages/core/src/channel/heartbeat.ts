import type { Clock } from '@ivh-kit/kernel'

/**
 * Calls `beat` every `intervalMs` until stopped. 45 s suits what every document asks: more than 30 s
 * and less than a minute (1240/100400).
 */
export function startHeartbeat(clock: Clock, intervalMs: number, beat: () => void): () => void {
  const next = (): (() => void) =>
    clock.after(intervalMs, () => {
      cancel = next()
      beat()
    })
  let cancel = next()
  return () => cancel()
}
