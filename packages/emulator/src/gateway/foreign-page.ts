import type { Context, MiddlewareHandler } from 'hono'
import { Refusal } from '../wire/refusal'
import type { Carrier } from './carrier'

/**
 * Headers that a page may send to the endpoints of the vendor. Tencent's browser SDKs send these two.
 * The control header of a fault is not one of them.
 */
const pageHeaders = 'content-type, language'

/**
 * Returns the origin of a page that is not the emulator's own, or undefined for other requests. Under a name
 * that is not of this machine the own page is foreign as well (DNS rebinding).
 */
export function foreignPageOf(c: Context, { mayControl }: Carrier): string | undefined {
  const origin = c.req.header('origin')
  if (origin === undefined) return undefined
  const host = c.req.header('host') ?? new URL(c.req.url).host
  return origin.endsWith(`//${host}`) && mayControl(host) ? undefined : origin
}

/**
 * Lets pages call an endpoint of the vendor, as Tencent's browser SDKs do: answers the CORS preflight, and
 * makes the response readable. A foreign page must send JSON, so that no request comes without a preflight.
 */
export function allowPages(
  carrier: Carrier,
  refused: (refusal: Refusal) => Response,
): MiddlewareHandler {
  return async (c, next) => {
    const page = foreignPageOf(c, carrier)
    if (c.req.method === 'OPTIONS' && c.req.header('access-control-request-method')) {
      return new Response(null, {
        status: 204,
        headers: {
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': pageHeaders,
        },
      })
    }
    if (page !== undefined && !isJson(c.req.header('content-type'))) {
      const problem = `a page of ${page} must send Content-Type: application/json`
      c.res = refused(new Refusal(100001, problem, 403))
    } else {
      await next()
    }
    // Keep the response object: a planned damage is bound to it.
    c.res.headers.set('access-control-allow-origin', '*')
    return undefined
  }
}

function isJson(contentType: string | undefined): boolean {
  return /^application\/json\s*(?:;|$)/i.test(contentType ?? '')
}
