import { type Context, Hono } from 'hono'
import type { OriginEnv } from '../http/origin-env'
import { readText } from '../http/read-text'
import type { PlayGate } from '../stream/play-gate'
import { NegotiationError } from './media-peer'
import { NoRoomError, type WebRtcSessions } from './webrtc-sessions'

export interface WhepRouteOptions {
  readonly gate: PlayGate
  readonly sessions: WebRtcSessions
}

const sdpType = 'application/sdp'
const fragmentType = 'application/trickle-ice-sdpfrag'
const maxBodyBytes = 64 * 1024

/**
 * Serves WHEP (draft-ietf-wish-whep) at `/whep/<app>/<stream>`, for standard players; CSS does not document
 * it. `POST` an offer, `PATCH` candidates, `DELETE` to leave.
 */
export function whepRoute({ gate, sessions }: WhepRouteOptions): Hono<OriginEnv> {
  const route = new Hono<OriginEnv>()

  route.post('/whep/:app/:name', async (c) => {
    if (!hasType(c, sdpType)) return refuse(c, 415, `send the offer as ${sdpType}`)
    const { app, name } = c.req.param()
    const admission = gate.admit(app, name, new URL(c.req.url).searchParams)
    if (!admission.ok) return c.json(admission.body, admission.status)
    const offer = await readText(c.req.raw, maxBodyBytes)
    if (offer === undefined) return tooLong(c)
    try {
      const { id, peer } = await sessions.open(admission.stream, offer)
      c.header('Location', `/whep/${encodeURIComponent(app)}/${encodeURIComponent(name)}/${id}`)
      c.header('Content-Type', sdpType)
      c.header('Accept-Patch', fragmentType)
      return c.body(peer.answer, 201)
    } catch (error) {
      if (error instanceof NegotiationError) return refuse(c, 400, error.message)
      if (!(error instanceof NoRoomError)) throw error
      c.header('Retry-After', '5')
      return refuse(c, 503, error.message)
    }
  })

  route.patch('/whep/:app/:name/:id', async (c) => {
    const session = sessionOf(c.req.param(), sessions)
    if (!session) return gone(c)
    if (!hasType(c, fragmentType)) return refuse(c, 415, `send candidates as ${fragmentType}`)
    const fragment = await readText(c.req.raw, maxBodyBytes)
    if (fragment === undefined) return tooLong(c)
    const candidates = readFragment(fragment)
    if (!candidates) return refuse(c, 422, 'ICE restarts are not supported: open a new session')
    for (const { candidate, mid } of candidates) {
      // Ignore an unusable candidate, because the connectivity checks of the viewer arrive anyway.
      await session.peer.addCandidate(candidate, mid).catch(() => undefined)
    }
    return c.body(null, 204)
  })

  route.delete('/whep/:app/:name/:id', async (c) => {
    const session = sessionOf(c.req.param(), sessions)
    if (!session) return gone(c)
    await session.close('the viewer left')
    return c.body(null, 200)
  })

  route.all('/whep/:app/:name/:id?', (c) => {
    c.header('Allow', 'OPTIONS, POST, PATCH, DELETE')
    return refuse(c, 405, 'POST an offer to the stream; PATCH or DELETE the session')
  })
  return route
}

function sessionOf(
  { app, id, name }: { readonly app: string; readonly name: string; readonly id: string },
  sessions: WebRtcSessions,
) {
  const session = sessions.find(id)
  return session?.stream.app === app && session.stream.name === name ? session : undefined
}

/**
 * Returns the candidates in a fragment (RFC 8840); undefined for an ICE restart: credentials without
 * candidates and without their end.
 */
function readFragment(fragment: string) {
  const candidates: { readonly candidate: string; readonly mid: string }[] = []
  let mid = '0'
  for (const line of fragment.split(/\r?\n/)) {
    if (line.startsWith('a=mid:')) mid = line.slice('a=mid:'.length)
    else if (line.startsWith('a=candidate:')) candidates.push({ candidate: line.slice(2), mid })
  }
  const trickles = candidates.length > 0 || /^a=end-of-candidates\b/m.test(fragment)
  return trickles || !fragment.includes('a=ice-ufrag:') ? candidates : undefined
}

function hasType(c: Context, type: string): boolean {
  return (c.req.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() === type
}

function tooLong(c: Context) {
  return refuse(c, 413, `the body is longer than ${maxBodyBytes} bytes`)
}

function gone(c: Context) {
  return refuse(c, 404, 'the session has ended, or the address is wrong')
}

function refuse(c: Context, status: 400 | 404 | 405 | 413 | 415 | 422 | 503, reason: string) {
  return c.json({ error: 'play refused', reason }, status)
}
