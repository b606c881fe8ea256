import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { Hono } from 'hono'
import { encodeFlvHeader, encodeFlvTag } from '../flv/flv-tag'
import type { Logger } from '../logger'
import type { PlayGate } from '../stream/play-gate'
import type { Viewer } from '../stream/viewer'
import type { OriginEnv } from './origin-env'

export interface FlvRouteOptions {
  readonly gate: PlayGate
  readonly logger: Logger
  readonly maxViewerQueueBytes: number
}

/** Serves `GET /<app>/<stream>.flv`: the stream as HTTP-FLV. */
export function flvRoute({ gate, logger, maxViewerQueueBytes }: FlvRouteOptions): Hono<OriginEnv> {
  const route = new Hono<OriginEnv>()
  route.get('/:app/:file{[^/]+\\.flv}', (c) => {
    const { app, file } = c.req.param()
    const name = file.slice(0, -'.flv'.length)
    const admission = gate.admit(app, name, new URL(c.req.url).searchParams)
    if (!admission.ok) return c.json(admission.body, admission.status)
    c.header('Content-Type', 'video/x-flv')
    c.header('Cache-Control', 'no-cache, no-store')
    if (c.req.method === 'HEAD') return c.body(null, 200)

    // Write to the Node response directly: only its queue shows how slow a viewer is.
    const { outgoing } = c.env
    outgoing.writeHead(200, Object.fromEntries(c.res.headers))
    outgoing.flushHeaders()
    const viewer = flvViewer(outgoing, maxViewerQueueBytes, () =>
      logger.warn('viewer dropped: it reads too slowly', { app, name }),
    )
    outgoing.once('close', admission.stream.subscribe(viewer))
    return RESPONSE_ALREADY_SENT
  })
  return route
}

/** A viewer over HTTP-FLV: an endless response with a bounded queue. */
function flvViewer(response: ServerResponse, maxQueueBytes: number, onStalled: () => void): Viewer {
  const write = (bytes: Buffer): void => {
    if (!response.writable || response.destroyed) return
    if (response.writableLength + bytes.length > maxQueueBytes) {
      response.destroy()
      onStalled()
      return
    }
    response.write(bytes)
  }
  return {
    onlyPlayable: true,
    begin: (beginning) => write(encodeFlvHeader(beginning)),
    send: (tag) => write(encodeFlvTag(tag)),
    end: () => response.end(),
  }
}
