import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { type Context, Hono } from 'hono'
import type { OriginEnv } from '../http/origin-env'
import { readText } from '../http/read-text'
import type { PlayGate } from '../stream/play-gate'
import { NegotiationError } from './media-peer'
import { NoRoomError, type WebRtcSessions } from './webrtc-sessions'

/**
 * `errcode` values of the signalling. The vendor documents 0, 100010 and 100011 only; these are our own,
 * with the meaning of HTTP status codes.
 */
export interface LebErrorCodes {
  /** The request is malformed. Default 400. */
  readonly badRequest: number
  /** The signature in `streamurl` is missing, wrong or expired. Default 403. */
  readonly refused: number
  /** The offer cannot be answered. Default 488. */
  readonly badOffer: number
  /** The origin has too many viewers. Default 503. */
  readonly full: number
}

export const defaultLebErrorCodes: LebErrorCodes = {
  badRequest: 400,
  refused: 403,
  badOffer: 488,
  full: 503,
}

const ok = 0
const streamNotFound = 100_010
const invalidClientIp = 100_011

export interface LebRouteOptions {
  readonly gate: PlayGate
  readonly sessions: WebRtcSessions
  readonly errorCodes: LebErrorCodes
}

const maxBodyBytes = 64 * 1024

/**
 * Serves LEB's HTTP signalling (docs/signal_http_protoc.md of tencentyun/leb-android-sdk): `pullstream`
 * answers an offer, `stopstream` ends the session of its `svrsig`. Every response is HTTP 200 with an
 * `errcode`, for any content type: browsers send `text/plain`, which needs no preflight.
 */
export function lebRoute(options: LebRouteOptions): Hono<OriginEnv> {
  const { errorCodes, gate, sessions } = options
  const seals = new Seals()
  const route = new Hono<OriginEnv>()

  route.post('/webrtc/v1/pullstream', async (c) => {
    const body = await readJson(c)
    const request = typeof body === 'string' ? body : readPull(body)
    if (typeof request === 'string') return fail(c, errorCodes.badRequest, request)
    if (request.badClientIp) {
      return fail(c, invalidClientIp, 'clientip must be an IP address: correct it or leave it out')
    }
    const { app, name, query } = request.target
    const admission = gate.admit(app, name, query)
    if (!admission.ok) {
      const code = admission.status === 404 ? streamNotFound : errorCodes.refused
      return fail(c, code, admission.body.reason)
    }
    try {
      const session = await sessions.open(admission.stream, request.offer)
      return c.json({
        errcode: ok,
        errmsg: 'success',
        remotesdp: { type: 'answer', sdp: session.peer.answer },
        svrsig: seals.seal(session.id),
      })
    } catch (error) {
      if (error instanceof NegotiationError) return fail(c, errorCodes.badOffer, error.message)
      if (error instanceof NoRoomError) return fail(c, errorCodes.full, error.message)
      throw error
    }
  })

  route.post('/webrtc/v1/stopstream', async (c) => {
    const body = await readJson(c)
    if (typeof body === 'string') return fail(c, errorCodes.badRequest, body)
    const target = readStreamUrl(body.streamurl)
    if (!target) return fail(c, errorCodes.badRequest, malformedStreamUrl)
    const id = seals.open(body.svrsig)
    if (id === undefined) {
      return fail(c, errorCodes.badRequest, 'svrsig must be a value from pullstream')
    }
    const session = sessions.find(id)
    // A session may have ended before; the viewer cannot know that, so it is not an error.
    if (session) {
      const { app, name } = session.stream
      if (app !== target.app || name !== target.name) {
        return fail(c, errorCodes.badRequest, 'svrsig belongs to another streamurl')
      }
      await session.close('the viewer stopped the stream')
    }
    return c.json({ errcode: ok, errmsg: 'success' })
  })

  // Clients may report on the playback; the reports are ignored.
  for (const report of ['reportquality', 'reporticestate', 'firstframeusetime']) {
    route.post(`/webrtc/v1/${report}`, (c) => c.json({ errcode: ok, errmsg: 'success' }))
  }
  return route
}

interface StreamTarget {
  readonly app: string
  readonly name: string
  readonly query: URLSearchParams
}

interface PullRequest {
  readonly target: StreamTarget
  readonly offer: string
  readonly badClientIp: boolean
}

type Json = Readonly<Record<string, unknown>>

const malformedStreamUrl =
  'streamurl must be a complete address: webrtc://<domain>/<app>/<stream>?txSecret=…&txTime=…'

/** Reads a pull request. Returns a sentence when it is malformed. */
function readPull(body: Json): PullRequest | string {
  const target = readStreamUrl(body.streamurl)
  if (!target) return malformedStreamUrl
  if (typeof body.sessionid !== 'string' || body.sessionid === '') {
    return 'sessionid must be a unique text from the viewer'
  }
  if (typeof body.clientinfo !== 'string') return 'clientinfo must be a text about the viewer'
  const { localsdp } = body
  if (!isJson(localsdp) || localsdp.type !== 'offer' || typeof localsdp.sdp !== 'string') {
    return 'localsdp must be { "type": "offer", "sdp": "…" }'
  }
  const { clientip } = body
  const given = clientip !== undefined && clientip !== null && clientip !== ''
  const badClientIp = given && !(typeof clientip === 'string' && isIP(clientip) !== 0)
  return { target, offer: localsdp.sdp, badClientIp }
}

/** Parses a `webrtc:` address. Some URL parsers treat the host of an unknown scheme as a path. */
function readStreamUrl(url: unknown): StreamTarget | undefined {
  if (typeof url !== 'string' || !/^webrtc:\/\//i.test(url)) return undefined
  const standIn = `http:${url.slice('webrtc:'.length)}`
  if (!URL.canParse(standIn)) return undefined
  const { pathname, searchParams } = new URL(standIn)
  const [app, name, ...more] = pathname.split('/').slice(1)
  return app && name && more.length === 0 ? { app, name, query: searchParams } : undefined
}

/**
 * Reads a JSON object with names in lower case. Returns a sentence when the body is malformed. The document
 * has `sessionid`; the LEB player of trtc-sdk-v5 sends `sessionId`.
 */
async function readJson(c: Context<OriginEnv>): Promise<Json | string> {
  const text = await readText(c.req.raw, maxBodyBytes)
  if (text === undefined) return `the body is longer than ${maxBodyBytes} bytes`
  try {
    const value: unknown = JSON.parse(text)
    if (!isJson(value)) return noJson
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toLowerCase(), item]))
  } catch {
    return noJson
  }
}

const noJson = 'the body must be a JSON object'

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fail(c: Context, errcode: number, errmsg: string) {
  return c.json({ errcode, errmsg })
}

/** Makes `svrsig` values: opaque, unguessable, and recognised after the session has ended. */
class Seals {
  readonly #key = randomBytes(32)

  seal(id: string): string {
    return `${id}.${this.#mark(id)}`
  }

  /** Returns the session id of a valid seal. */
  open(svrsig: unknown): string | undefined {
    if (typeof svrsig !== 'string') return undefined
    const [id = '', mark = ''] = svrsig.split('.')
    const expected = Buffer.from(this.#mark(id))
    const given = Buffer.from(mark)
    return given.length === expected.length && timingSafeEqual(given, expected) ? id : undefined
  }

  #mark(id: string): string {
    return createHmac('sha256', this.#key).update(id).digest('hex')
  }
}
