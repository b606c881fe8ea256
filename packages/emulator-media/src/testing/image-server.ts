import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server of images on a port of its own that leaves every answer to the test. */
export interface ImageServer {
  readonly url: string
  /** The paths that have been asked for. */
  readonly asked: string[]
  close(): void
}

export async function imageServer(
  answer: (path: string, response: ServerResponse) => void,
): Promise<ImageServer> {
  const asked: string[] = []
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    answer(url, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
