/** Returns true for an address or a name of this machine only. */
export function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[?::1\]?)$/i.test(host)
}

/**
 * Returns the check of the `Host` header for the control API of an emulator that listens on `boundTo`. On
 * a loopback address only names of this machine pass: another name may belong to a foreign page that
 * points it to this machine.
 */
export function controlHostCheck(
  boundTo: string,
  more: readonly string[],
): (host: string) => boolean {
  if (!isLoopback(boundTo)) return () => true
  const others = new Set(more.map((name) => name.toLowerCase()))
  return (host) => {
    const name = nameOf(host)
    return name !== undefined && (isLoopback(name) || others.has(name))
  }
}

/** Returns the host name without the port. */
function nameOf(host: string): string | undefined {
  try {
    return new URL(`http://${host}`).hostname
  } catch {
    return undefined
  }
}
