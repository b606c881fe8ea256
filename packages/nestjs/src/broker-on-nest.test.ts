import 'reflect-metadata'
import { createSessionBroker, type SessionBroker, type SessionBrokerOptions } from '@ivh-kit/broker'
import { toNodeHandler } from '@ivh-kit/broker/node'
import {
  type BeforeApplicationShutdown,
  Body,
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  Post,
} from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { IvhModule } from './ivh.module'
import { IvhService } from './ivh.service'
import { emulateService } from './testing/emulated-service'

/** The globals before the first broker is mounted. */
const untouched = { Request: globalThis.Request, Response: globalThis.Response }

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A Nest application on Express that serves sessions to visitors, over real HTTP. */
async function setUp(overrides: Partial<SessionBrokerOptions> = {}) {
  const service = await emulateService()
  const bodies: unknown[] = []

  @Injectable()
  class Visitors implements BeforeApplicationShutdown {
    readonly broker: SessionBroker
    constructor(@Inject(IvhService) ivh: IvhService) {
      this.broker = createSessionBroker({
        open: ({ body, visitorId, signal, onProgress }) => {
          bodies.push(body)
          return ivh.sessions.open({
            assetVirtualmanKey: 'a',
            userId: visitorId,
            protocol: 'webrtc',
            signal,
            onProgress,
          })
        },
        clock: service.clock,
        ...overrides,
      })
    }
    beforeApplicationShutdown(): Promise<void> {
      return this.broker.close()
    }
  }

  @Controller()
  class OwnController {
    @Get('hello')
    hello(): string {
      return 'hello'
    }
    @Post('echo')
    echo(@Body() body: object): object {
      return body
    }
    @Get('ivhx/page')
    neighbour(): string {
      return 'not the broker'
    }
  }

  @Module({
    imports: [IvhModule.forRoot(service.emulator.clientOptions)],
    providers: [Visitors],
    controllers: [OwnController],
  })
  class AppModule {}

  const app = await NestFactory.create(AppModule, { logger: false })
  app.use(toNodeHandler(app.get(Visitors).broker))
  await app.listen(0, '127.0.0.1')
  closers.push(() => app.close().catch(() => {}))
  const { port } = app.getHttpServer().address()
  return { ...service, app, bodies, url: `http://127.0.0.1:${port}` }
}

async function openVisit(base: string, init: RequestInit = {}) {
  const response = await fetch(`${base}/sessions`, { method: 'POST', ...init })
  expect(response.status).toBe(201)
  const { id, ticket } = (await response.json()) as { id: string; ticket: string }
  return { url: `${base}/sessions/${id}`, headers: { authorization: `Bearer ${ticket}` } }
}

/** Reads an event stream in the background. */
async function follow(visit: Awaited<ReturnType<typeof openVisit>>, signal?: AbortSignal) {
  const { url, headers } = visit
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

describe('a broker in a Nest application', () => {
  it('receives requests with their bodies and answers them', async () => {
    const { url, bodies, openSessions } = await setUp()
    const init = { headers: { 'content-type': 'application/json' }, body: '{"scene":"lobby"}' }
    const visit = await openVisit(`${url}/ivh`, init)
    expect(bodies).toEqual([{ scene: 'lobby' }])
    await vi.waitFor(() => expect(openSessions()).toBe(1))
    const closed = await fetch(visit.url, { method: 'DELETE', headers: visit.headers })
    expect(closed.status).toBe(204)
    expect(openSessions()).toBe(0)
  })

  it('sends events at once and ends the stream with the session', async () => {
    const { url } = await setUp()
    const visit = await openVisit(`${url}/ivh`)
    const { response, read } = await follow(visit)
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    await vi.waitFor(() => expect(read.text).toContain('"state":"ready"'))
    expect(read.ended).toBe(false)
    await fetch(visit.url, { method: 'DELETE', headers: visit.headers })
    await vi.waitFor(() => expect(read.ended).toBe(true))
    expect(read.text).toContain('"state":"closed"')
  })

  it('closes the session of a page that has left', async () => {
    const { url, openSessions, timers } = await setUp({ graceMs: 12_345 })
    const page = new AbortController()
    const visit = await openVisit(`${url}/ivh`)
    const { read } = await follow(visit, page.signal)
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
    const ticket = visit.headers.authorization.slice('Bearer '.length)
    const headers = { origin: url, 'content-type': 'text/plain;charset=UTF-8' }
    const init = { method: 'POST', headers, body: ticket }
    expect((await fetch(`${visit.url}/close`, init)).status).toBe(204)
    expect(openSessions()).toBe(0)
  })

  it('leaves all other routes and their bodies to Nest', async () => {
    const { url } = await setUp()
    expect(await (await fetch(`${url}/hello`)).text()).toBe('hello')
    expect(await (await fetch(`${url}/ivhx/page`)).text()).toBe('not the broker')
    const echoed = await fetch(`${url}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    })
    expect(await echoed.json()).toEqual({ a: 1 })
  })

  it('serves another basePath', async () => {
    const { url } = await setUp({ basePath: '/api/avatar' })
    await openVisit(`${url}/api/avatar`)
    expect((await fetch(`${url}/ivh/sessions`, { method: 'POST' })).status).toBe(404)
  })

  it('refuses a page of another origin', async () => {
    const { url, emulator } = await setUp()
    const init = { method: 'POST', headers: { origin: 'https://evil.test' } }
    expect((await fetch(`${url}/ivh/sessions`, init)).status).toBe(403)
    expect(emulator.calls).toEqual([])
  })

  it('leaves the globals of the host unchanged', async () => {
    const { url } = await setUp()
    await openVisit(`${url}/ivh`)
    expect(globalThis.Request).toBe(untouched.Request)
    expect(globalThis.Response).toBe(untouched.Response)
  })

  it('does not delay app.close() by open event streams', async () => {
    const { app, url, openSessions } = await setUp()
    const { read } = await follow(await openVisit(`${url}/ivh`))
    await vi.waitFor(() => expect(read.text).toContain('"state":"ready"'))
    await app.close()
    await vi.waitFor(() => expect(read.ended).toBe(true))
    expect(read.text).toContain('"reason":"shutdown"')
    expect(openSessions()).toBe(0)
  })
})
