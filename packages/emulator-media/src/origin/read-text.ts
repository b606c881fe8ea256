/**
 * The body of a request as text, or undefined when it is longer than `maxBytes` or was broken off. Why
 * not hono's `bodyLimit`: it makes a new Request of a body without a length, which fails for the requests
 * of `@hono/node-server` unless the global `Request` is replaced.
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
    // The client has left, and hears no answer.
    return undefined
  }
  return Buffer.concat(parts).toString('utf8')
}
