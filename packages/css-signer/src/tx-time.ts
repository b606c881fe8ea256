/**
 * Exactly eight hex digits: 1978 to 2106. Other lengths are refused, because the hash joins key, name and
 * time without a separator: a signature of stream `room1` until `5C271099` would also fit `room` until
 * `15C271099`.
 */
const wellFormedTxTime = /^[0-9A-Fa-f]{8}$/

/** True for Unix seconds in eight hex digits of either case. */
export function isTxTime(txTime: unknown): txTime is string {
  return typeof txTime === 'string' && wellFormedTxTime.test(txTime)
}
