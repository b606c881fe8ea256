/** Found out before a connection stands, so nothing of the request can have left. */
const beforeConnecting = new Set<unknown>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** True when what a transport rejected with shows that the request never left this machine. */
export function wasNotSent(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null) return false
  // With several addresses per host Node gathers one failure of each.
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return cause.errors.every(wasNotSent)
  }
  if ('code' in cause && beforeConnecting.has(cause.code)) return true
  // ETIMEDOUT, EHOSTUNREACH and the like also befall a connection that stands.
  return 'syscall' in cause && (cause.syscall === 'connect' || cause.syscall === 'getaddrinfo')
}
