import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import type { MediaLogger } from '../logger'
import { FlvViewer } from './flv-viewer'
import type { LiveStream } from './live-stream'
import { type DomainKeys, refuseSignature } from './signature-check'
import { statusPage } from './status-page'
import type { StreamRegistry } from './stream-registry'

export interface HttpAppOptions {
  readonly registry: StreamRegistry
  readonly playKeys: DomainKeys
  readonly now: () => number
  readonly logger: MediaLogger
  readonly maxViewerQueueBytes: number
}

type OriginEnv = { Bindings: HttpBindings }

/** The HTTP face of the origin: streams as HTTP-FLV, a status page, and a health check. */
export function createHttpApp(options: HttpAppOptions): Hono<OriginEnv> {
  const { now, playKeys, registry } = options
  const app = new Hono<OriginEnv>()

  // As CSS play domains answer (CN 267/76557): the Origin echoed, or * without one.
  app.use(async (c, next) => {
    c.header('Access-Control-Allow-Origin', c.req.header('Origin') ?? '*')
    c.header('Vary', 'Origin')
    // One request for each connection: nobody can hold one open between requests.
    c.header('Connection', 'close')
    await next()
  })
  app.options('*', (c) => {
    c.header('Access-Control-Allow-Methods', 'GET, HEAD, OPTIONS')
    return c.body(null, 204)
  })

  app.get('/', (c) => c.html(statusPage(registry.list(), now())))
  app.get('/health', (c) => c.json({ ok: true, streams: registry.list().length }))
  app.get('/:app/:file{[^/]+\\.flv}', (c) => {
    const appName = c.req.param('app')
    const name = c.req.param('file').slice(0, -'.flv'.length)
    const refusal = refuseSignature(playKeys, name, new URL(c.req.url).searchParams, now())
    if (refusal) return c.json({ error: 'play refused', reason: refusal }, 403)
    const stream = registry.find(appName, name)
    if (!stream) return c.json(nothingLive(appName, name, registry), 404)
    return sendStream(c, stream, options)
  })
  app.notFound((c) =>
    c.json(
      { error: 'not found', reason: 'streams are at /<app>/<stream>.flv, the list is at /' },
      404,
    ),
  )
  return app
}

function nothingLive(app: string, name: string, registry: StreamRegistry) {
  const live = registry.list().map((stream) => `${stream.app}/${stream.name}`)
  return {
    error: 'stream not found',
    reason: `nobody publishes ${app}/${name}: wait until the push has begun, or check the name`,
    live,
  }
}

function sendStream(c: Context<OriginEnv>, stream: LiveStream, options: HttpAppOptions) {
  c.header('Content-Type', 'video/x-flv')
  c.header('Cache-Control', 'no-cache, no-store')
  if (c.req.method === 'HEAD') return c.body(null, 200)

  // Written straight to the socket's queue: only there is it known how far a viewer is behind.
  const { outgoing } = c.env
  outgoing.writeHead(200, Object.fromEntries(c.res.headers))
  outgoing.flushHeaders()
  const viewer = new FlvViewer(outgoing, {
    maxQueueBytes: options.maxViewerQueueBytes,
    onStalled: () => {
      const { app, name } = stream.info()
      options.logger.warn('viewer dropped: it reads too slowly', { app, name })
    },
  })
  const leave = stream.subscribe(viewer)
  outgoing.once('close', leave)
  return RESPONSE_ALREADY_SENT
}
