/** Something that works, but probably is not what was meant. */
export interface CssSignerWarning {
  /**
   * - `ambiguous-stream-name`: the name has a `_`; CSS takes the text after the last one for a
   *   transcoding template if there is one of that name (CN 267/38393).
   * - `already-expired`: the URL is over at the moment it is signed.
   * - `long-lived`: the URL lives longer than 30 days, the most that the console's own generator
   *   is said to offer (secondary source). Often milliseconds in place of seconds.
   */
  readonly code: 'ambiguous-stream-name' | 'already-expired' | 'long-lived'
  /** What to do, as a sentence. Contains no key and no signature. */
  readonly message: string
}

const LONG_LIFETIME = 30 * 86_400

/** Finds what is doubtful in a name and an expiry that have passed their checks. */
export function warningsFor(
  streamName: string,
  effectiveSeconds: number,
  nowSeconds: number,
): CssSignerWarning[] {
  const warnings: CssSignerWarning[] = []
  if (streamName.includes('_')) {
    warnings.push({
      code: 'ambiguous-stream-name',
      message: `StreamName "${streamName}" contains "_": if a transcoding template is named like the part after the last one, players get that template. Prefer "-".`,
    })
  }
  if (effectiveSeconds <= nowSeconds) {
    warnings.push({
      code: 'already-expired',
      message: 'The URL is signed for a time that is over; servers will refuse it.',
    })
  }
  if (effectiveSeconds - nowSeconds > LONG_LIFETIME) {
    warnings.push({
      code: 'long-lived',
      message:
        'The URL lives longer than 30 days. Lifetimes are in seconds; sign a fresh URL per session.',
    })
  }
  return warnings
}
