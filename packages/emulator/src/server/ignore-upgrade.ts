import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ServerType } from '@hono/node-server'

const offered = /^(?:upgrade|http2-settings)$/i

/**
 * Handles a request with an unknown upgrade, such as `h2c` of curl and Java's HttpClient, as a plain
 * HTTP/1.1 request (RFC 9110, 7.8). Node.js gives every upgrade to the `upgrade` listener, so the
 * connection returns to the server with the same bytes, without the offer of an upgrade.
 */
export function ignoreUpgrade(
  server: ServerType,
  { httpVersion, method, rawHeaders, url }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  if (socket.destroyed) return
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2)
    if (offered.test(name)) continue
    const isConnection = name.toLowerCase() === 'connection'
    lines.push(`${name}: ${isConnection ? withoutOffer(value) : value}`)
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}

/** Removes the tokens of the offer from a `Connection` header. */
function withoutOffer(value: string): string {
  const tokens = value.split(',').map((token) => token.trim())
  return tokens.filter((token) => !offered.test(token)).join(', ')
}
