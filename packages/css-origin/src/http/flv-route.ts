import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Context, Hono } from 'hono'
import type { Logger } from '../logger'
import type { LiveStream } from '../stream/live-stream'
import type { PlayGate } from '../stream/play-gate'
import { FlvViewer } from './flv-viewer'
import type { OriginEnv } from './origin-env'

export interface FlvRouteOptions {
  readonly gate: PlayGate
  readonly logger: Logger
  readonly maxViewerQueueBytes: number
}

const extension = '.flv'

/** Serves `GET /<app>/<stream>.flv`: the stream as HTTP-FLV. */
export function flvRoute(options: FlvRouteOptions): Hono<OriginEnv> {
  const route = new Hono<OriginEnv>()
  route.get('/:app/:file{[^/]+\\.flv}', (c) => {
    const { app, file } = c.req.param()
    const name = file.slice(0, -extension.length)
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

  // Write to the Node response directly: only its queue shows how slow a viewer is.
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
