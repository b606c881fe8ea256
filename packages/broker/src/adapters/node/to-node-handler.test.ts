import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
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
