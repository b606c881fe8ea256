import { createServer, type Server } from 'node:http'
import { connect } from 'node:net'

/** Creates an HTTP proxy for tunnels (CONNECT), and a list of the requested hosts. */
export function createTunnel(): { readonly server: Server; readonly asked: string[] } {
  const asked: string[] = []
  const server = createServer((_request, response) => response.writeHead(405).end())
  server.on('connect', (request, client, head) => {
    const target = request.url ?? ''
    asked.push(target)
    const [host = '', port] = target.split(':')
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
  })
  return { server, asked }
}
