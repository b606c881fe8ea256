import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import type { MediaLogger } from '../logger'
import { FlvViewer } from './flv-viewer'
import type { LiveStream } from './live-stream'
import type { PlayGate } from './play-gate'

export interface FlvRouteOptions {
  readonly gate: PlayGate
  readonly logger: MediaLogger
  readonly maxViewerQueueBytes: number
}

export type OriginEnv = { Bindings: HttpBindings }

const EXTENSION = '.flv'

/** `GET /<app>/<stream>.flv`: the stream as HTTP-FLV. */
export function flvRoute(options: FlvRouteOptions): Hono<OriginEnv> {
  const route = new Hono<OriginEnv>()
  route.get('/:app/:file{[^/]+\\.flv}', (c) => {
    const { app, file } = c.req.param()
    const name = file.slice(0, -EXTENSION.length)
    const admission = options.gate.admit(app, name, new URL(c.req.url).searchParams)
    if (!admission.ok) return c.json(admission.body, admission.status)
    return sendStream(c, admission.stream, options)
  })
  return route
}

function sendStream(c: Context<OriginEnv>, stream: LiveStream, options: FlvRouteOptions) {
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
      const { app, name } = stream
      options.logger.warn('viewer dropped: it reads too slowly', { app, name })
    },
  })
  const leave = stream.subscribe(viewer)
  outgoing.once('close', leave)
  return RESPONSE_ALREADY_SENT
}
