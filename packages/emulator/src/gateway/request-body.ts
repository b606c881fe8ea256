import { ConnectionDropped } from '../faults/connection-dropped'

/**
 * Reads the body of a request as text. Returns undefined when it has more than `maxBytes`.
 *
 * hono's `bodyLimit` does not work here: it creates a new Request for a body without a length, which fails
 * with `@hono/node-server` unless the global `Request` is replaced.
 *
 * @throws ConnectionDropped when the client disconnects before the end of the body.
 */
export async function readBody(request: Request, maxBytes: number): Promise<string | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return undefined
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  try {
    const reader = request.body?.getReader()
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      bytes += part.value.length
      if (bytes > maxBytes) return undefined
      text += decoder.decode(part.value, { stream: true })
    }
  } catch {
    throw new ConnectionDropped()
  }
  return text + decoder.decode()
}
