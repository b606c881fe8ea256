import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Clock } from '@ivh-kit/kernel'
import { type Context, Hono } from 'hono'
import type { OriginEnv } from '../http/origin-env'
import type { PlayGate, PlayRefusal } from '../stream/play-gate'
import type { HlsPackager } from './hls-packager'

export interface HlsRouteOptions {
  readonly gate: PlayGate
  readonly packager: HlsPackager
  readonly clock: Clock
  /** Timeout for a viewer to read a segment, in milliseconds. */
  readonly stallMs: number
}

/**
 * Serves `GET /<app>/<stream>.m3u8` and its segments `/<app>/<stream>-<number>.ts`. The address of a segment
 * has the query of its playlist, because every request of HLS is checked (INTL 267/35598).
 */
export function hlsRoute(options: HlsRouteOptions): Hono<OriginEnv> {
  const { gate, packager } = options
  const route = new Hono<OriginEnv>()

  route.get('/:app/:file{[^/]+\\.m3u8}', async (c) => {
    const { app, file } = c.req.param()
    const name = file.slice(0, -'.m3u8'.length)
    const { search, searchParams } = new URL(c.req.url)
    const admission = gate.admit(app, name, searchParams)
    if (admission.ok) packager.open(admission.stream)
    else if (admission.status === 403) return refused(c, admission)
    const playlist = await packager.playlist(app, name)
    if (!playlist) return refused(c, admission.ok ? nothingYet : admission)
    c.header('Cache-Control', 'no-cache, no-store')
    c.header('Content-Type', 'application/vnd.apple.mpegurl')
    return c.body(
      playlist.render((sequence) => `${encodeURIComponent(name)}-${sequence}.ts${search}`),
    )
  })

  route.get('/:app/:file{[^/]+-[0-9]+\\.ts}', (c) => {
    const { app, file } = c.req.param()
    const dash = file.lastIndexOf('-')
    const name = file.slice(0, dash)
    const refusal = gate.refuse(name, new URL(c.req.url).searchParams)
    if (refusal) return refused(c, refusal)
    const bytes = packager.segment(app, name, Number.parseInt(file.slice(dash + 1), 10))
    if (!bytes) return refused(c, gone)
    c.header('Cache-Control', 'max-age=60')
    c.header('Content-Type', 'video/mp2t')
    c.header('Content-Length', String(bytes.length))
    const { outgoing } = c.env
    outgoing.once(
      'close',
      options.clock.after(options.stallMs, () => outgoing.destroy()),
    )
    // Write to the Node response directly: a `Response` would copy the segment for every viewer.
    outgoing.writeHead(200, Object.fromEntries(c.res.headers))
    outgoing.end(bytes)
    return RESPONSE_ALREADY_SENT
  })
  return route
}

const nothingYet: PlayRefusal = {
  ok: false,
  status: 404,
  body: {
    error: 'playlist not ready',
    reason: 'the stream has no finished segment yet: try again in a second',
  },
}

const gone: PlayRefusal = {
  ok: false,
  status: 404,
  body: {
    error: 'segment not found',
    reason: 'segments are kept for a few seconds: reload the playlist and take a later one',
  },
}

function refused(c: Context<OriginEnv>, { body, status }: PlayRefusal) {
  c.header('Cache-Control', 'no-cache, no-store')
  return c.json(body, status)
}
