import { Hono } from 'hono'
import type { OriginEnv } from './flv-route'
import { statusPage } from './status-page'
import type { StreamRegistry } from './stream-registry'
import { watchPage } from './watch-page'

export interface HttpAppOptions {
  readonly registry: StreamRegistry
  readonly now: () => number
  /** The protocols by which streams are played. */
  readonly routes: readonly Hono<OriginEnv>[]
}

/** The HTTP face of the origin: the ways to play, a status page, and a health check. */
export function createHttpApp({ now, registry, routes }: HttpAppOptions): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>()

  // As CSS play domains answer (CN 267/76557): the Origin echoed, or * without one.
  app.use(async (c, next) => {
    c.header('Access-Control-Allow-Origin', c.req.header('Origin') ?? '*')
    c.header('Access-Control-Expose-Headers', 'Location, Accept-Patch')
    c.header('Vary', 'Origin')
    await next()
  })
  app.options('*', (c) => {
    c.header('Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS, POST, PATCH, DELETE')
    c.header('Access-Control-Allow-Headers', 'Content-Type, Authorization, If-Match')
    c.header('Access-Control-Max-Age', '600')
    c.header('Accept-Post', 'application/sdp')
    return c.body(null, 204)
  })

  app.get('/', (c) => c.html(statusPage(registry.list(), now())))
  app.get('/health', (c) => c.json({ ok: true, streams: registry.list().length }))
  app.get('/watch/:app/:name', (c) => c.html(watchPage(c.req.param('app'), c.req.param('name'))))
  for (const route of routes) app.route('/', route)
  app.notFound((c) =>
    c.json(
      {
        error: 'not found',
        reason:
          'streams are at /<app>/<stream>.flv and .m3u8, WHEP at /whep/<app>/<stream>, a page to watch at /watch/<app>/<stream>, the list is at /',
      },
      404,
    ),
  )
  return app
}
