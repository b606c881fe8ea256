/**
 * The origin of a cross-origin request; undefined for a request of the same site. The site is the host
 * in the `Host` header. The scheme is ignored, because a proxy that ends TLS hides it.
 */
export function crossOrigin(request: Request): string | undefined {
  const origin = request.headers.get('origin')
  if (origin === null) return undefined
  const host = request.headers.get('host') ?? new URL(request.url).host
  return URL.canParse(origin) && new URL(origin).host === host ? undefined : origin
}

/** Response to a CORS preflight. */
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

/** Copies a response and allows pages of this origin to read it. */
export function withCorsHeaders(origin: string, response: Response): Response {
  // The headers of the application's own response may be immutable.
  const copy = new Response(response.body, response)
  copy.headers.set('access-control-allow-origin', origin)
  copy.headers.append('vary', 'origin')
  return copy
}
