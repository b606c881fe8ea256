/** A warning about valid input with a probable mistake. */
export interface CssSignerWarning {
  /**
   * - `ambiguous-stream-name`: the name contains a `_`. CSS takes the text after the last one for a
   *   transcoding template if a template has this name (CN 267/38393).
   * - `already-expired`: the URL is expired when it is signed.
   * - `long-lived`: the URL is valid for more than 30 days, the maximum of the console's generator
   *   (secondary source). Often the lifetime is in milliseconds instead of seconds.
   */
  readonly code: 'ambiguous-stream-name' | 'already-expired' | 'long-lived'
  /** The problem and the next step. Contains no key and no signature. */
  readonly message: string
}

const longLifetime = 30 * 86_400

/** Returns the warnings for a checked name and expiry. */
export function warningsFor(
  streamName: string,
  effectiveSeconds: number,
  nowSeconds: number,
): CssSignerWarning[] {
  const warnings: CssSignerWarning[] = []
  if (streamName.includes('_')) {
    warnings.push({
      code: 'ambiguous-stream-name',
      message: `StreamName "${streamName}" contains "_": players get a transcoding template if one has the name after the last "_". Prefer "-".`,
    })
  }
  if (effectiveSeconds <= nowSeconds) {
    warnings.push({
      code: 'already-expired',
      message: 'The URL is already expired, so servers refuse it: sign it with a later time.',
    })
  }
  if (effectiveSeconds - nowSeconds > longLifetime) {
    warnings.push({
      code: 'long-lived',
      message:
        'The URL is valid for more than 30 days. Lifetimes are in seconds; sign a new URL per session.',
    })
  }
  return warnings
}
