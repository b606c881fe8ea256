/** Found out before a connection stands, so nothing of the request can have left. */
const beforeConnecting = new Set<unknown>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_TLS',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** A certificate that is not accepted, by the names that Node takes from OpenSSL. */
const certificateRefused =
  /^(?:(?:DEPTH_ZERO_)?SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY_LEAF|GET_ISSUER|GET_CRL|DECRYPT_C)|C(?:ERT|RL)_|ERROR_IN_C(?:ERT|RL)_|HOSTNAME_MISMATCH$|INVALID_(?:CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$)/

/** How undici tells that a proxy would not make a tunnel; its code is that of any abort. */
const tunnelRefused = /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/

/** True when what a transport rejected with shows that the request never left this machine. */
export function wasNotSent(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null) return false
  // With several addresses per host Node gathers one failure of each.
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return cause.errors.every(wasNotSent)
  }
  if ('code' in cause) {
    const { code } = cause
    if (beforeConnecting.has(code)) return true
    if (typeof code === 'string' && certificateRefused.test(code)) return true
  }
  if (cause instanceof Error && tunnelRefused.test(cause.message)) return true
  // ETIMEDOUT, EHOSTUNREACH and the like also befall a connection that stands.
  return 'syscall' in cause && (cause.syscall === 'connect' || cause.syscall === 'getaddrinfo')
}
