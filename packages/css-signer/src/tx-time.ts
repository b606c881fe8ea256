/**
 * A txTime has exactly eight hex digits from 1978 to 2106. More or fewer are refused on purpose:
 * the hash runs key, name and time together without a separator, so with times of free length a
 * signature for stream `room1` until `5C271099` would also fit `room` until `15C271099`.
 */
const wellFormedTxTime = /^[0-9A-Fa-f]{8}$/

/** Whether a txTime is Unix seconds in eight hex digits of either case. */
export function isTxTime(txTime: unknown): txTime is string {
  return typeof txTime === 'string' && wellFormedTxTime.test(txTime)
}

/**
 * Writes Unix seconds as txTime. URLs that end in the same second come in a row, as with one
 * `expiresIn` for all, so the last text is kept.
 */
export function txTimeWriter(letters: 'upper' | 'lower'): (seconds: number) => string {
  let lastSeconds: number | undefined
  let lastText = ''
  return (seconds) => {
    if (seconds !== lastSeconds) {
      const hex = seconds.toString(16)
      lastText = letters === 'upper' ? hex.toUpperCase() : hex
      lastSeconds = seconds
    }
    return lastText
  }
}
