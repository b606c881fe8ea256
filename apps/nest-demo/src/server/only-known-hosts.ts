import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Refuses requests for another host name than the loopback names and `allowed`. A foreign page can
 * point its own name to this machine (DNS rebinding); its requests then carry that name.
 */
export function onlyKnownHosts(allowed: readonly string[]) {
  const others = new Set(allowed.map((name) => name.toLowerCase()))
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const name = nameOf(request.headers.host ?? '')
    if (isLoopback(name) || others.has(name)) {
      next()
      return
    }
    response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' })
    response.end(
      `This server does not answer for the host "${name}". Add it to ALLOWED_HOSTS if it is yours.\n`,
    )
  }
}

function isLoopback(name: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(name)
}

/** Returns the host name without the port, in lower case; empty for an invalid header. */
function nameOf(host: string): string {
  try {
    return new URL(`http://${host}`).hostname
  } catch {
    return ''
  }
}
