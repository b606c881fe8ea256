import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP server on a free port; the test writes every response. */
export interface ImageServer {
  readonly url: string
  /** The requested paths. */
  readonly requested: string[]
  close(): void
}

export async function imageServer(
  answer: (path: string, response: ServerResponse) => void,
): Promise<ImageServer> {
  const requested: string[] = []
  const server = createServer(({ url = '' }, response) => {
    requested.push(url)
    answer(url, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requested,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
