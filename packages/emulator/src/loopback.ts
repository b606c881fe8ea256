/** Whether an address or a name leads to this machine only. */
export function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[?::1\]?)$/i.test(host)
}

/**
 * Whose pages may steer an emulator that listens on `boundTo`. One on this machine only is reached by the
 * names of this machine: any other in `Host` is a foreign page whose name was made to lead here.
 */
export function steeringHosts(boundTo: string, more: readonly string[]): (host: string) => boolean {
  if (!isLoopback(boundTo)) return () => true
  const others = new Set(more.map((name) => name.toLowerCase()))
  return (host) => {
    const name = nameOf(host)
    return name !== undefined && (isLoopback(name) || others.has(name))
  }
}

/** Without its port. */
function nameOf(host: string): string | undefined {
  try {
    return new URL(`http://${host}`).hostname
  } catch {
    return undefined
  }
}
