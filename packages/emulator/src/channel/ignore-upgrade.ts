import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { ServerType } from '@hono/node-server'

const offered = /^(?:upgrade|http2-settings)$/i

/**
 * Answers a request that offers an upgrade which this server does not know, as `h2c` of Java's HttpClient
 * and of curl, as the HTTP/1.1 request that it is (RFC 9110, 7.8). Node takes every upgrade out of its
 * server once one is listened to; so the connection goes back to where it began, with the same bytes
 * but the offer.
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

/** The tokens of `Connection` without those that belong to the offer. */
function withoutOffer(value: string): string {
  const tokens = value.split(',').map((token) => token.trim())
  return tokens.filter((token) => !offered.test(token)).join(', ')
}
