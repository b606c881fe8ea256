import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SessionBrokerOptions } from '../options'
import { setUpBroker, until } from '../testing/set-up-broker'
import { BrokerRefusal } from './broker-refusal'
import { type BrowserSession, startBrowserSession } from './browser-session'

/** What happens to a request before it reaches the broker; `undefined` lets it through. */
type Network = (request: Request) => Response | Promise<Response> | undefined

const beacons: { url: string; body: string }[] = []
let page: EventTarget
let timers: { delay: number; run: () => void }[]

beforeEach(() => {
  beacons.length = 0
  page = new EventTarget()
  timers = []
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('navigator', {
    sendBeacon: (url: string, body: string) => beacons.push({ url, body }) > 0,
  })
  vi.stubGlobal('setTimeout', (run: () => void, delay: number) => {
    const timer = { delay, run }
    timers.push(timer)
    return timer
  })
  vi.stubGlobal('clearTimeout', (timer: (typeof timers)[number]) => {
    timers = timers.filter((one) => one !== timer)
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

/** A page whose `fetch` leads into a broker in the same process. */
function setUp(options: Partial<SessionBrokerOptions> = {}, network: Network = () => undefined) {
  const broker = setUpBroker(options)
  const requests: Request[] = []
  const link = { network }
  vi.stubGlobal('fetch', async (url: string, init: RequestInit = {}) => {
    const request = new Request(new URL(url, 'http://shop.test'), init)
    requests.push(request)
    init.signal?.throwIfAborted()
    const response = (await link.network(request)) ?? (await broker.broker.handle(request))
    // A browser breaks the body off when the signal fires; an in-process answer has to be told.
    return response.body && init.signal
      ? new Response(cutBy(init.signal, response.body), response)
      : response
  })
  const runTimer = () => {
    const timer = timers.shift()
    timer?.run()
    return timer?.delay
  }
  return { ...broker, requests, link, runTimer }
}

function cutBy(signal: AbortSignal, body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
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

const isEvents = ({ url }: Request) => url.endsWith('/events')

/** An event stream that brings one state and then breaks off. */
function brokenStream(): Response {
  const snapshot = { id: 'x', state: 'preparing', elapsedMs: 1 }
  const event = new TextEncoder().encode(`event: state\ndata: ${JSON.stringify(snapshot)}\n\n`)
  let sent = false
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent) controller.error(new TypeError('network error'))
      else controller.enqueue(event)
      sent = true
    },
  })
  return new Response(body)
}

const reaches = (session: BrowserSession, state: string) =>
  until(() => session.snapshot.state === state)

describe('startBrowserSession', () => {
  it('follows its session until it is closed', async () => {
    const { cloud, requests } = setUp()
    const session = await startBrowserSession({ body: { scene: 'lobby' } })
    const states = statesOf(session)
    await reaches(session, 'ready')
    expect(session.snapshot.playback).toEqual({ webrtc: 'webrtc://play.test/live/m1' })
    await session.close()
    expect(states).toEqual(['creating', 'starting', 'ready', 'closing', 'closed'])
    expect(session.snapshot).not.toHaveProperty('playback')
    expect(cloud.live).toEqual([])
    for (const { url } of requests) expect(url).not.toMatch(/[0-9a-f]{64}/)
    expect(timers).toEqual([])
  })

  it('sends body and authorization to the broker that is mounted elsewhere', async () => {
    let seen: unknown
    setUp({
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

  it('throws what the broker says when it refuses', async () => {
    const { open } = setUp({ maxSessions: 1 })
    await open()
    const error = await startBrowserSession().catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(BrokerRefusal)
    expect(error).toMatchObject({
      status: 503,
      message: 'All digital humans are in use right now.',
    })
  })

  it.each([
    ['a proxy page', () => new Response('<h1>Bad Gateway</h1>', { status: 502 }), 502],
    ['an answer of something else', () => Response.json({ hello: 'world' }), 200],
  ])('throws on %s', async (_what, network, status) => {
    setUp({}, network)
    await expect(startBrowserSession()).rejects.toMatchObject({
      name: 'BrokerRefusal',
      status,
      message: `The server answered with status ${status}.`,
    })
  })

  it('throws with status 0 when there is no connection', async () => {
    setUp({}, () => Promise.reject(new TypeError('Failed to fetch')))
    await expect(startBrowserSession()).rejects.toMatchObject({
      status: 0,
      message: expect.stringContaining('cannot be reached'),
    })
  })

  it('runs where there is no page to leave', async () => {
    vi.stubGlobal('addEventListener', undefined)
    setUp()
    const session = await startBrowserSession()
    await reaches(session, 'ready')
    await session.close()
  })
})

describe('a browser session', () => {
  it('that fails tells why', async () => {
    const { cloud } = setUp()
    cloud.override.set('createsessionbyasset', () => ({ Code: 100008 }))
    const session = await startBrowserSession()
    await reaches(session, 'failed')
    expect(session.snapshot.problem).toMatchObject({ reason: 'busy', code: 100008 })
  })

  it('sends a beacon when the page is left, and is closed by it', async () => {
    const { cloud, broker } = setUp()
    const session = await startBrowserSession()
    await reaches(session, 'ready')
    page.dispatchEvent(new Event('pagehide'))
    expect(session.snapshot).toMatchObject({ state: 'closed', problem: { reason: 'left' } })
    const [beacon] = beacons
    const url = new URL(beacon?.url ?? '', 'http://shop.test')
    const request = new Request(url, { method: 'POST', body: beacon?.body ?? '' })
    expect((await broker.handle(request)).status).toBe(204)
    expect(cloud.live).toEqual([])
    page.dispatchEvent(new Event('pagehide'))
    expect(beacons).toHaveLength(1)
  })

  it('reconnects after a cut, and knows the session again', async () => {
    const { link, runTimer } = setUp()
    link.network = (request) => (isEvents(request) ? brokenStream() : undefined)
    const session = await startBrowserSession()
    await until(() => timers.length === 1)
    expect(session.snapshot.state).toBe('preparing')
    link.network = () => undefined
    expect(runTimer()).toBe(500)
    await reaches(session, 'ready')
    expect(timers).toEqual([])
    await session.close()
  })

  it('begins to count again after a stream that brought something', async () => {
    const { link, runTimer } = setUp()
    link.network = (request) => (isEvents(request) ? brokenStream() : undefined)
    const session = await startBrowserSession()
    for (let cut = 0; cut < 10; cut++) {
      await until(() => timers.length === 1)
      expect(runTimer()).toBe(500)
    }
    await until(() => timers.length === 1)
    expect(session.snapshot.state).toBe('preparing')
    await session.close()
  })

  it('counts as lost after four attempts', async () => {
    const { link, runTimer } = setUp()
    link.network = (request) =>
      isEvents(request) ? Promise.reject(new TypeError('Failed to fetch')) : undefined
    const session = await startBrowserSession()
    const delays = []
    while (session.snapshot.state !== 'failed') {
      await until(() => timers.length === 1 || session.snapshot.state === 'failed')
      const delay = runTimer()
      if (delay !== undefined) delays.push(delay)
    }
    expect(delays).toEqual([500, 1_000, 2_000, 4_000])
    expect(session.snapshot.problem).toMatchObject({
      reason: 'lost',
      message: 'The connection to the server was lost.',
    })
  })

  it('is lost at once when the server does not know it', async () => {
    const { link } = setUp()
    link.network = (request) =>
      isEvents(request) ? new Response(null, { status: 404 }) : undefined
    const session = await startBrowserSession()
    await reaches(session, 'failed')
    expect(session.snapshot.problem).toMatchObject({ reason: 'lost' })
    expect(timers).toEqual([])
  })

  it('that is closed while it waits to reconnect stops waiting', async () => {
    const { link, cloud } = setUp()
    link.network = (request) => (isEvents(request) ? brokenStream() : undefined)
    const session = await startBrowserSession()
    await until(() => timers.length === 1 && cloud.live.length === 1)
    await session.close()
    expect(session.snapshot.state).toBe('closed')
    expect(timers).toEqual([])
    expect(cloud.live).toEqual([])
  })

  it('that cannot be closed for want of a network says so', async () => {
    const { link } = setUp()
    const session = await startBrowserSession()
    await reaches(session, 'ready')
    link.network = ({ method }) =>
      method === 'DELETE' ? Promise.reject(new TypeError('Failed to fetch')) : undefined
    await session.close()
    expect(session.snapshot).toMatchObject({
      state: 'failed',
      problem: { reason: 'lost', message: expect.stringContaining('it closes it by itself') },
    })
  })

  it('whose close the service did not confirm has failed', async () => {
    const { cloud } = setUp()
    const session = await startBrowserSession()
    await reaches(session, 'ready')
    cloud.override.set('closesession', () => ({ Code: 100005 }))
    await session.close()
    expect(session.snapshot).toMatchObject({ state: 'failed', problem: { code: 100005 } })
  })

  it('closed twice asks the broker once the first has settled no more', async () => {
    const { requests } = setUp()
    const session = await startBrowserSession()
    await reaches(session, 'ready')
    await session.close()
    await session.close()
    expect(requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
  })
})
