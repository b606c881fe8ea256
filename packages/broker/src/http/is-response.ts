/**
 * True for a `Response`, of any global: Node adapters and test runners replace `globalThis.Response`, so
 * `instanceof` would not recognise it.
 */
export function isResponse(value: unknown): value is Response {
  return (
    typeof value === 'object' &&
    value !== null &&
    'status' in value &&
    typeof value.status === 'number' &&
    'headers' in value &&
    'arrayBuffer' in value
  )
}
