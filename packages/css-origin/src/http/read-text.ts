/**
 * Reads the body of a request as text. Returns undefined when it has more than `maxBytes` or is incomplete.
 *
 * hono's `bodyLimit` does not work here: it creates a new Request for a body without a length, which fails
 * with `@hono/node-server` unless the global `Request` is replaced.
 */
export async function readText(request: Request, maxBytes: number): Promise<string | undefined> {
  if (Number(request.headers.get('Content-Length') ?? 0) > maxBytes) return undefined
  const reader = request.body?.getReader()
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
      bytes += part.value.length
      if (bytes > maxBytes) return undefined
      parts.push(part.value)
    }
  } catch {
    // The client has disconnected.
    return undefined
  }
  return Buffer.concat(parts).toString('utf8')
}
