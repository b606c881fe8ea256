/**
 * The origin of the page a browser sent the request from, when it is not the page's own site: the one
 * that the request's `Host` names. The scheme is not compared, because a proxy that ends TLS hides it.
 */
export function foreignOrigin(request: Request): string | undefined {
  const origin = request.headers.get('origin')
  if (origin === null) return undefined
  const host = request.headers.get('host') ?? new URL(request.url).host
  return URL.canParse(origin) && new URL(origin).host === host ? undefined : origin
}

/** The answer to the question a browser asks before it sends a foreign page's request. */
export function preflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    },
  })
}

/** Lets the page of this origin read the answer. */
export function readableBy(origin: string, response: Response): Response {
  // A copy: the headers of an answer that the application made may be immutable.
  const copy = new Response(response.body, response)
  copy.headers.set('access-control-allow-origin', origin)
  copy.headers.append('vary', 'origin')
  return copy
}
