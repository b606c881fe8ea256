/** Codes of errors that occur before a connection is open, so that nothing was sent. */
const beforeConnecting = new Set<unknown>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_TLS',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Codes of a rejected certificate, as Node takes them from OpenSSL. */
const certificateRefused =
  /^(?:(?:DEPTH_ZERO_)?SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY_LEAF|GET_ISSUER|GET_CRL|DECRYPT_C)|C(?:ERT|RL)_|ERROR_IN_C(?:ERT|RL)_|HOSTNAME_MISMATCH$|INVALID_(?:CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$)/

/** The message of undici when a proxy refuses a tunnel; its code is the same as for an abort. */
const tunnelRefused = /^Proxy response \(\d+\) !== 200 when HTTP Tunneling$/

export function wasNotSent(cause: unknown): boolean {
  if (typeof cause !== 'object' || cause === null) return false
  // Check every error: for a host with several addresses Node collects one error per address.
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    return cause.errors.every(wasNotSent)
  }
  if ('code' in cause) {
    const { code } = cause
    if (beforeConnecting.has(code)) return true
    if (typeof code === 'string' && certificateRefused.test(code)) return true
  }
  if (cause instanceof Error && tunnelRefused.test(cause.message)) return true
  // Check the system call: ETIMEDOUT, EHOSTUNREACH and similar codes also occur on an open connection.
  return 'syscall' in cause && (cause.syscall === 'connect' || cause.syscall === 'getaddrinfo')
}
