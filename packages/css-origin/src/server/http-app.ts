import { Hono } from 'hono'
import type { OriginEnv } from '../http/origin-env'
import type { StreamRegistry } from '../stream/stream-registry'
import { statusPage } from './status-page'
import { watchPage } from './watch-page'

/** Creates the HTTP app of the origin: the routes of the playback protocols, pages and a health check. */
export function createHttpApp(
  registry: StreamRegistry,
  now: () => number,
  routes: readonly Hono<OriginEnv>[],
): Hono<OriginEnv> {
  const app = new Hono<OriginEnv>()

  // CSS play domains return the request's Origin, or * without one (CN 267/76557).
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
          'streams are at /<app>/<stream>.flv and .m3u8, WHEP at /whep/<app>/<stream>, a player page at /watch/<app>/<stream>, the list at /',
      },
      404,
    ),
  )
  return app
}
