import { once } from 'node:events'
import { createServer, type RequestListener, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import compression from 'compression'
import express, { type Express } from 'express'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Message } from '../../options'
import { type SetUpOptions, setUpBroker } from '../../testing/set-up-broker'
import { toNodeHandler } from './to-node-handler'

/** The globals before the first handler is created. */
const untouched = { Request: globalThis.Request, Response: globalThis.Response }

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function setUp(options: SetUpOptions = {}) {
  const kit = await setUpBroker(options)
  const url = await serve(toNodeHandler(kit.broker))
  return { ...kit, url }
}

async function openVisit(base: string, init: RequestInit = {}) {
  const response = await fetch(`${base}/sessions`, { method: 'POST', ...init })
  expect(response.status).toBe(201)
  const { id, ticket } = (await response.json()) as { id: string; ticket: string }
  return { url: `${base}/sessions/${id}`, ticket, headers: { authorization: `Bearer ${ticket}` } }
}

/** Reads an event stream in the background. */
async function follow(url: string, headers: Record<string, string>, signal?: AbortSignal) {
  const response = await fetch(`${url}/events`, { headers, ...(signal && { signal }) })
  const read = { text: '', ended: false }
  const decoder = new TextDecoder()
  const reading = async () => {
    if (!response.body) throw new Error('the response has no body')
    for await (const chunk of response.body) read.text += decoder.decode(chunk)
    read.ended = true
  }
  void reading().catch(() => {})
  return { response, read }
}

describe('toNodeHandler', () => {
  it('passes requests with their bodies to the broker and returns its responses', async () => {
    const bodies: unknown[] = []
    const { url, openSessions } = await setUp({
      authorize: () => undefined,
      onMessage: ({ body }) => {
        bodies.push(body)
        return undefined
      },
    })
    const visit = await openVisit(`${url}/ivh`)
    await vi.waitFor(() => expect(openSessions()).toBe(1))
    const init = { method: 'POST', headers: visit.headers, body: '{"text":"Hi"}' }
    await vi.waitFor(async () => {
      expect((await fetch(`${visit.url}/messages`, init)).status).toBe(204)
    })
    expect(bodies).toEqual([{ text: 'Hi' }])
    const closed = await fetch(visit.url, { method: 'DELETE', headers: visit.headers })
    expect(closed.status).toBe(204)
    expect(openSessions()).toBe(0)
  })

  it('sends events at once and ends the stream with the session', async () => {
    const { url } = await setUp()
    const visit = await openVisit(`${url}/ivh`)
    const { response, read } = await follow(visit.url, visit.headers)
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    await vi.waitFor(() => expect(read.text).toContain('"state":"ready"'))
    expect(read.ended).toBe(false)
    await fetch(visit.url, { method: 'DELETE', headers: visit.headers })
    await vi.waitFor(() => expect(read.ended).toBe(true))
    expect(read.text).toContain('"state":"closed"')
  })

  it('informs the broker when a page leaves', async () => {
    const { url, timers, openSessions } = await setUp({ graceMs: 12_345 })
    const page = new AbortController()
    const visit = await openVisit(`${url}/ivh`)
    const { read } = await follow(visit.url, visit.headers, page.signal)
    await vi.waitFor(() => expect(read.text).toContain('"state":"ready"'))
    await timers.tickAsync(20_000)
    expect(openSessions()).toBe(1)
    page.abort()
    await vi.waitFor(async () => {
      await timers.tickAsync(12_345)
      expect(openSessions()).toBe(0)
    })
  })

  it('logs nothing for a request that the page aborts', async () => {
    const lines = [vi.spyOn(console, 'error'), vi.spyOn(console, 'info'), vi.spyOn(console, 'warn')]
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() }
    const { url } = await setUp({ logger, authorize: () => undefined })
    const visit = await openVisit(`${url}/ivh`)
    logger.info.mockClear()
    for (const framing of ['Content-Length: 1000', 'Transfer-Encoding: chunked']) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      socket.write(
        [
          `POST ${new URL(visit.url).pathname}/close HTTP/1.1`,
          `Host: ${new URL(url).host}`,
          `Authorization: ${visit.headers.authorization}`,
          framing,
          '',
          '5',
          '{"a":',
          '',
        ].join('\r\n'),
      )
      await new Promise((resolve) => setTimeout(resolve, 50))
      socket.destroy()
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
    for (const line of [...lines, logger.warn, logger.error]) expect(line).not.toHaveBeenCalled()
    for (const line of lines) line.mockRestore()
  })

  it('accepts a beacon', async () => {
    const { url, openSessions } = await setUp()
    const visit = await openVisit(`${url}/ivh`)
    const headers = { origin: url, 'content-type': 'text/plain;charset=UTF-8' }
    const init = { method: 'POST', headers, body: visit.ticket }
    expect((await fetch(`${visit.url}/close`, init)).status).toBe(204)
    expect(openSessions()).toBe(0)
  })

  it('answers 404 outside the basePath without next', async () => {
    const { url } = await setUp()
    expect((await fetch(`${url}/hello`)).status).toBe(404)
  })

  it('calls next outside the basePath', async () => {
    const { broker } = await setUpBroker({ basePath: '/api/avatar' })
    const handler = toNodeHandler(broker)
    const url = await serve((request, response) => {
      handler(request, response, () => response.end(`next: ${request.url}`))
    })
    await openVisit(`${url}/api/avatar`)
    for (const path of ['/ivh/sessions', '/api/avatars', '/api/avatar']) {
      expect(await (await fetch(url + path)).text()).toBe(`next: ${path}`)
    }
  })

  it('leaves the globals of the host unchanged', async () => {
    const { url } = await setUp()
    await openVisit(`${url}/ivh`)
    expect(globalThis.Request).toBe(untouched.Request)
    expect(globalThis.Response).toBe(untouched.Response)
  })
})

describe('toNodeHandler in Express', () => {
  const message = (visit: { headers: Record<string, string> }) => ({
    method: 'POST',
    headers: { ...visit.headers, 'content-type': 'application/json' },
    body: '{"text":"Hi"}',
  })

  it.each([
    ['behind a JSON parser', (app: Express) => app.use(express.json())],
    ['behind parsers for text and JSON', (app: Express) => app.use(express.json(), express.text())],
    ['behind a parser for bytes', (app: Express) => app.use(express.raw({ type: () => true }))],
  ])('reads bodies %s', async (_where, prepare) => {
    const bodies: unknown[] = []
    const onMessage = ({ body }: Message) => bodies.push(body)
    const { broker, openSessions } = await setUpBroker({ onMessage })
    const app = express()
    prepare(app)
    const url = await serve(app.use(toNodeHandler(broker)))
    const visit = await openVisit(`${url}/ivh`)
    await vi.waitFor(async () => {
      expect((await fetch(`${visit.url}/messages`, message(visit))).status).toBe(204)
    })
    expect(bodies).toEqual([{ text: 'Hi' }])
    const beacon = { method: 'POST', body: visit.ticket }
    expect((await fetch(`${visit.url}/close`, beacon)).status).toBe(204)
    expect(openSessions()).toBe(0)
  })

  it('names the order when a parser has dropped the body', async () => {
    const { broker, log } = await setUpBroker()
    const app = express()
    app.use((request, _response, next) => {
      request.resume().once('end', next)
    })
    const url = await serve(app.use(toNodeHandler(broker)))
    const init = { method: 'POST', body: '{"scene":"lobby"}' }
    const refused = await fetch(`${url}/ivh/sessions`, init)
    expect(refused.status).toBe(500)
    expect(await refused.text()).toContain('Mount the broker before body parsers')
    expect(log.join()).toContain('Mount the broker before body parsers')
  })

  it('sends events at once behind compression', async () => {
    const { broker } = await setUpBroker()
    const url = await serve(express().use(compression(), toNodeHandler(broker)))
    const visit = await openVisit(`${url}/ivh`)
    const { response, read } = await follow(visit.url, visit.headers)
    expect(response.headers.get('content-encoding')).toBeNull()
    await vi.waitFor(() => expect(read.text).toContain('"state":"ready"'))
    expect(read.ended).toBe(false)
  })

  it('works when it is mounted under the basePath', async () => {
    const { broker } = await setUpBroker()
    const url = await serve(express().use('/ivh', toNodeHandler(broker)))
    await openVisit(`${url}/ivh`)
  })

  it('refuses wrong bodies when the host has replaced the global Response', async () => {
    const { broker, openSessions } = await setUpBroker()
    // Without options, getRequestListener replaces the global Request and Response.
    const url = await serve(getRequestListener((request) => broker.handle(request)))
    closers.push(async () => Object.assign(globalThis, untouched))
    for (const [body, status] of [
      ['[]', 400],
      ['a=b', 400],
      [`{"a":"${'x'.repeat(17_000)}"}`, 413],
    ] as const) {
      const refused = await fetch(`${url}/ivh/sessions`, { method: 'POST', body })
      expect(refused.status).toBe(status)
    }
    expect(openSessions()).toBe(0)
  })
})

describe('a server on this machine', () => {
  it('refuses a host name that is not its own, and logs the remedy once', async () => {
    const { url, log } = await setUp()
    const statusFor = (host: string) =>
      new Promise((resolve, reject) => {
        const asked = request(`${url}/ivh/sessions`, { method: 'POST', headers: { host } })
        asked.on('response', (response) => resolve(response.resume().statusCode))
        asked.on('error', reject).end()
      })
    expect(await statusFor('evil.test')).toBe(403)
    expect(await statusFor('evil.test')).toBe(403)
    expect(log).toEqual([
      'A request for the host "evil.test" was refused. If it is yours, add it to allowedHosts.',
    ])
    expect(await statusFor('localhost')).toBe(201)
  })
})
