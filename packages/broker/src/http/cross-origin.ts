import { IvhConfigError } from '@ivh-kit/kernel'

/**
 * The origin of a cross-origin request; undefined for a request of the same site. The site is the host
 * that the page asked for. Default ports and capitals do not count. The scheme is ignored, because a
 * proxy that ends TLS hides it.
 */
export function crossOrigin(request: Request, trustProxy: boolean): string | undefined {
  const origin = request.headers.get('origin')
  if (origin === null) return undefined
  if (!URL.canParse(origin)) return origin
  const { protocol, host } = new URL(origin)
  const requested = `${protocol}//${hostOf(request, trustProxy)}`
  return URL.canParse(requested) && new URL(requested).host === host ? undefined : origin
}

/** The host that the page asked for, with its port. */
export function hostOf(request: Request, trustProxy: boolean): string {
  // The first value is the host that the outermost proxy received.
  const forwarded = trustProxy && request.headers.get('x-forwarded-host')?.split(',')[0]?.trim()
  return forwarded || (request.headers.get('host') ?? new URL(request.url).host)
}

/**
 * Checks the option `allowedOrigins`.
 *
 * @throws IvhConfigError for an entry that no request could match.
 */
export function checkAllowedOrigins(origins: unknown): readonly string[] {
  if (!Array.isArray(origins)) {
    throw wrongOrigins(`allowedOrigins is ${shown(origins)}, not an array`)
  }
  for (const origin of origins) {
    const parsed = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin) : undefined
    if (parsed && parsed.origin === origin) continue
    const nearest =
      parsed && parsed.origin !== 'null' ? `Write ${shown(parsed.origin)}.` : undefined
    throw wrongOrigins(`allowedOrigins contains ${shown(origin)}, which no page has`, nearest)
  }
  return [...origins]
}

function wrongOrigins(message: string, hint?: string): IvhConfigError {
  return new IvhConfigError(message, {
    option: 'allowedOrigins',
    hint: hint ?? 'Give a list of origins, like ["https://shop.example.com"].',
  })
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value)
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
