import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type SetUpOptions, setUpBroker } from '../testing/set-up-broker'
import { until } from '../testing/until'
import { BrokerRefusal } from './broker-refusal'
import { type BrowserSession, startBrowserSession } from './browser-session'

/** Responds in place of the broker. Undefined sends the request to the broker. */
type Network = (request: Request) => Response | Promise<Response> | undefined

/** Number of broken streams so far. */
let brokenStreams = 0
const beacons: { url: string; body: string }[] = []
let page: EventTarget

beforeEach(() => {
  beacons.length = 0
  brokenStreams = 0
  page = new EventTarget()
  // The client in the page uses the global timers; broker and service have a clock of their own.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('navigator', {
    sendBeacon: (url: string, body: string) => beacons.push({ url, body }) > 0,
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** A page whose `fetch` calls a broker in this process. */
async function setUp(options: SetUpOptions = {}, network: Network = () => undefined) {
  const broker = await setUpBroker(options)
  const requests: Request[] = []
  const link = { network }
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const request = new Request(new URL(url, 'http://shop.test'), init)
    requests.push(request)
    init.signal?.throwIfAborted()
    const response = (await link.network(request)) ?? (await broker.broker.handle(request))
    // A browser ends the body when the signal is aborted; a response in this process does not.
    return response.body && init.signal
      ? new Response(endOnAbort(init.signal, response.body), response)
      : response
  })
  return { ...broker, requests, link }
}

function endOnAbort(
  signal: AbortSignal,
  body: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> {
  const through = new TransformStream<Uint8Array, Uint8Array>()
  body.pipeTo(through.writable, { signal }).catch(() => {})
  return through.readable
}

function statesOf(session: BrowserSession): string[] {
  const states: string[] = [session.snapshot.state]
  session.addEventListener('change', () => {
    if (states.at(-1) !== session.snapshot.state) states.push(session.snapshot.state)
  })
  return states
}

const isAlive = ({ url }: Request) => url.endsWith('/alive')
const isEvents = ({ url }: Request) => url.endsWith('/events')

/** An event stream that sends one state and then breaks. */
function brokenStream(): Response {
  const snapshot = { id: 'x', state: 'preparing', elapsedMs: 1 }
  const event = new TextEncoder().encode(`event: state\ndata: ${JSON.stringify(snapshot)}\n\n`)
  let sent = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (!sent) controller.enqueue(event)
      else {
        brokenStreams += 1
        controller.error(new TypeError('network error'))
      }
      sent = true
    },
  })
  return new Response(body)
}

/** Waits until a broken stream makes the client pause before it reconnects. */
const breaks = (count: number) => until(() => brokenStreams === count && vi.getTimerCount() === 1)

const reaches = (session: BrowserSession, state: string) =>
  until(() => session.snapshot.state === state)

describe('startBrowserSession', () => {
  it('follows its session until the close', async () => {
    const { openSessions, emulator, requests } = await setUp()
    const session = await startBrowserSession({ body: { scene: 'lobby' } })
    const states = statesOf(session)
    await reaches(session, 'ready')
    expect(session.snapshot.playback).toEqual({ webrtc: emulator.sessions[0]?.playUrl })
    await session.close()
    expect(states).toEqual(['creating', 'starting', 'ready', 'closing', 'closed'])
    expect(session.snapshot).not.toHaveProperty('playback')
    expect(openSessions()).toBe(0)
    for (const { url } of requests) expect(url).not.toMatch(/[0-9a-f]{64}/)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('sends body and authorization to a broker with another basePath', async () => {
    let seen: unknown
    await setUp({
      basePath: '/api/avatar',
      authorize: (request) => {
        seen = request.headers.get('authorization')
        return undefined
      },
      open: async ({ body }) => {
        seen = [seen, body]
        throw new Error('enough')
      },
    })
    const options = { basePath: '/api/avatar', authorization: 'Bearer me', body: { a: 1 } }
    const session = await startBrowserSession(options)
    expect(seen).toEqual(['Bearer me', { a: 1 }])
    await reaches(session, 'failed')
  })

  it('throws the broker’s message when the broker refuses', async () => {
    const { open } = await setUp({ maxSessions: 1 })
    await open()
    const error = await startBrowserSession().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(BrokerRefusal)
    expect(error).toMatchObject({
      status: 503,
      message: 'All digital humans are in use right now.',
    })
  })

  it.each([
    ['the error page of a proxy', () => new Response('<h1>Bad Gateway</h1>', { status: 502 }), 502],
    ['a response of another service', () => Response.json({ hello: 'world' }), 200],
  ])('throws on %s', async (_what, network, status) => {
    await setUp({}, network)
    await expect(startBrowserSession()).rejects.toMatchObject({
      name: 'BrokerRefusal',
      status,
      message: `The server answered with status ${status}.`,
    })
  })

  it('rejects an unknown option and suggests a known one', async () => {
    await expect(startBrowserSession({ basepath: '/x' } as object)).rejects.toMatchObject({
      name: 'IvhConfigError',
      hint: 'Did you mean basePath?',
    })
  })

  it('throws with status 0 without a connection', async () => {
    await setUp({}, () => Promise.reject(new TypeError('Failed to fetch')))
    await expect(startBrowserSession()).rejects.toMatchObject({
      status: 0,
      message: expect.stringContaining('cannot be reached'),
    })
  })

  it('runs in a worker', async () => {
    vi.stubGlobal('addEventListener', undefined)
    await setUp()
    const session = await startBrowserSession()
    await reaches(session, 'ready')
    await session.close()
  })
})

describe('BrowserSession', () => {
  it('reports the reason of a failed session', async () => {
    const { emulator } = await setUp()
    emulator.faults.plan([{ on: 'createSessionByAsset', quotaExhausted: true, times: 100 }])
    const session = await startBrowserSession()
    await reaches(session, 'failed')
    expect(session.snapshot.problem).toMatchObject({ reason: 'busy' })
  })

  it('sends a beacon that closes the session when the page is left', async () => {
    const { broker, openSessions } = await setUp()
    const session = await startBrowserSession()
    await reaches(session, 'ready')
    page.dispatchEvent(new Event('pagehide'))
    expect(session.snapshot).toMatchObject({ state: 'closed', problem: { reason: 'left' } })
    const [beacon] = beacons
    const url = new URL(beacon?.url ?? '', 'http://shop.test')
    const request = new Request(url, { method: 'POST', body: beacon?.body ?? '' })
    expect((await broker.handle(request)).status).toBe(204)
    expect(openSessions()).toBe(0)
    page.dispatchEvent(new Event('pagehide'))
    expect(beacons).toHaveLength(1)
  })

  it('reopens a broken event stream', async () => {
    const { link } = await setUp()
    link.network = (request) => (isEvents(request) ? brokenStream() : undefined)
    const session = await startBrowserSession()
    await breaks(1)
    expect(session.snapshot.state).toBe('preparing')
    link.network = () => undefined
    vi.advanceTimersByTime(500)
    await reaches(session, 'ready')
    await session.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('starts with the shortest delay again after a stream that sent a state', async () => {
    const { link, requests } = await setUp()
    link.network = (request) => (isEvents(request) ? brokenStream() : undefined)
    const session = await startBrowserSession()
    for (let cut = 1; cut <= 10; cut++) {
      await breaks(cut)
      expect(requests.filter(isEvents)).toHaveLength(cut)
      vi.advanceTimersByTime(500)
    }
    await breaks(11)
    expect(session.snapshot.state).toBe('preparing')
    await session.close()
  })

  it('answers each alive event with a sign of life', async () => {
    const { requests, timers } = await setUp({ maxSilenceMs: 20_000 })
    const session = await startBrowserSession()
    await reaches(session, 'ready')
    for (let sign = 1; sign <= 4; sign++) {
      await timers.tickAsync(15_000)
      await until(() => requests.filter(isAlive).length === sign)
    }
    expect(session.snapshot.state).toBe('ready')
    await session.close()
  })

  it('reopens an event stream that has gone silent', async () => {
    const { link, requests } = await setUp()
    const dead = new Response(new ReadableStream<Uint8Array>())
    link.network = (request) => (isEvents(request) ? dead : undefined)
    const session = await startBrowserSession()
    await until(() => requests.filter(isEvents).length === 1)
    await new Promise(setImmediate)
    vi.advanceTimersByTime(37_499)
    await new Promise(setImmediate)
    expect(requests.filter(isEvents)).toHaveLength(1)
    link.network = () => undefined
    vi.advanceTimersByTime(1)
    await new Promise(setImmediate)
    vi.advanceTimersByTime(500)
    await reaches(session, 'ready')
    expect(requests.filter(isEvents)).toHaveLength(2)
    await session.close()
  })

  it('speaks the language of the page', async () => {
    vi.stubGlobal('document', { documentElement: { lang: 'zh-CN' } })
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')))
    await expect(startBrowserSession()).rejects.toThrow('无法连接服务器。请检查网络后重试。')
  })

  it('gives up after four attempts to reopen the event stream', async () => {
    const { link, requests } = await setUp()
    link.network = (request) =>
      isEvents(request) ? Promise.reject(new TypeError('Failed to fetch')) : undefined
    const session = await startBrowserSession()
    for (const [attempt, delay] of [500, 1_000, 2_000, 4_000].entries()) {
      await until(() => requests.filter(isEvents).length === attempt + 1)
      // Wait for the rejection, which begins the pause.
      await new Promise(setImmediate)
      vi.advanceTimersByTime(delay - 1)
      await new Promise(setImmediate)
      expect(requests.filter(isEvents)).toHaveLength(attempt + 1)
      vi.advanceTimersByTime(1)
    }
    await reaches(session, 'failed')
    expect(requests.filter(isEvents)).toHaveLength(5)
    expect(session.snapshot.problem).toMatchObject({
      reason: 'lost',
      message: 'The connection to the server was lost.',
    })
  })

  it('gives up at once when the server does not know the session', async () => {
    const { link } = await setUp()
    link.network = (request) =>
      isEvents(request) ? new Response(null, { status: 404 }) : undefined
    const session = await startBrowserSession()
    await reaches(session, 'failed')
    expect(session.snapshot.problem).toMatchObject({ reason: 'lost' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('stops waiting to reconnect when it is closed', async () => {
    const { link, openSessions } = await setUp()
    link.network = (request) => (isEvents(request) ? brokenStream() : undefined)
    const session = await startBrowserSession()
    await breaks(1)
    await until(() => openSessions() === 1)
    await session.close()
    expect(session.snapshot.state).toBe('closed')
    expect(vi.getTimerCount()).toBe(0)
    expect(openSessions()).toBe(0)
  })

  it('fails when the close does not reach the server', async () => {
    const { link } = await setUp()
    const session = await startBrowserSession()
    await reaches(session, 'ready')
    link.network = ({ method }) =>
      method === 'DELETE' ? Promise.reject(new TypeError('Failed to fetch')) : undefined
    await session.close()
    expect(session.snapshot).toMatchObject({
      state: 'failed',
      problem: { reason: 'lost', message: expect.stringContaining('closes the session by itself') },
    })
  })

  it('fails when the service does not confirm the close', async () => {
    const { emulator } = await setUp()
    const session = await startBrowserSession()
    await reaches(session, 'ready')
    emulator.faults.plan([{ on: 'closeSession', code: 100005, times: 100 }])
    await session.close()
    expect(session.snapshot).toMatchObject({
      state: 'failed',
      problem: { reason: 'not-confirmed' },
    })
  })

  it('sends one request when it is closed twice', async () => {
    const { requests } = await setUp()
    const session = await startBrowserSession()
    await reaches(session, 'ready')
    await session.close()
    await session.close()
    expect(requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
  })
})
