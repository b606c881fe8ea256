import 'reflect-metadata'
import { createSessionBroker, type SessionBroker, type SessionBrokerOptions } from '@ivh-kit/broker'
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
import { mountIvhBroker } from './mount-ivh-broker'
import { ManualClock } from './testing/manual-clock'
import { ScriptedService } from './testing/scripted-service'

/** As they are before the first broker is mounted. */
const untouched = { Request: globalThis.Request, Response: globalThis.Response }

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** A Nest application on Express that gives visitors a session, over real HTTP. */
async function setUp(overrides: Partial<SessionBrokerOptions> = {}) {
  const service = new ScriptedService()
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
    imports: [
      IvhModule.forRoot({ appKey: 'key', accessToken: 'token', transport: service.transport }),
    ],
    providers: [Visitors],
    controllers: [OwnController],
  })
  class AppModule {}

  const app = await NestFactory.create(AppModule, { logger: false })
  mountIvhBroker(app, app.get(Visitors).broker, overrides.basePath)
  await app.listen(0, '127.0.0.1')
  closers.push(() => app.close().catch(() => {}))
  const { port } = app.getHttpServer().address()
  return { app, service, bodies, url: `http://127.0.0.1:${port}` }
}

async function openVisit(base: string, init: RequestInit = {}) {
  const response = await fetch(`${base}/sessions`, { method: 'POST', ...init })
  expect(response.status).toBe(201)
  const { id, ticket } = (await response.json()) as { id: string; ticket: string }
  return { url: `${base}/sessions/${id}`, headers: { authorization: `Bearer ${ticket}` } }
}

/** Reads the event stream until it holds a state, and goes on in the background. */
async function follow(visit: Awaited<ReturnType<typeof openVisit>>, signal?: AbortSignal) {
  const { url, headers } = visit
  const response = await fetch(`${url}/events`, { headers, ...(signal && { signal }) })
  const read = { text: '', ended: false }
  const decoder = new TextDecoder()
  const reading = async () => {
    if (!response.body) throw new Error('no body')
    for await (const chunk of response.body) read.text += decoder.decode(chunk)
    read.ended = true
  }
  void reading().catch(() => {})
  return { response, read }
}

describe('mountIvhBroker on Express', () => {
  it('brings requests with their bodies to the broker, and its answers back', async () => {
    const { url, bodies, service } = await setUp()
    const init = { headers: { 'content-type': 'application/json' }, body: '{"scene":"lobby"}' }
    const visit = await openVisit(`${url}/ivh`, init)
    expect(bodies).toEqual([{ scene: 'lobby' }])
    await vi.waitFor(() => expect(service.live.size).toBe(1))
    const closed = await fetch(visit.url, { method: 'DELETE', headers: visit.headers })
    expect(closed.status).toBe(204)
    expect(service.live.size).toBe(0)
  })

  it('lets events through as they happen, and ends the stream with the session', async () => {
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

  it('tells the broker when a page goes away', async () => {
    const clock = new ManualClock()
    const graceMs = 12_345
    const { url, service } = await setUp({ clock, graceMs })
    const grace = () => clock.timers.filter(({ delayMs }) => delayMs === graceMs).length
    const page = new AbortController()
    const visit = await openVisit(`${url}/ivh`)
    const { read } = await follow(visit, page.signal)
    await vi.waitFor(() => expect(read.text).toContain('"state":"ready"'))
    expect(grace()).toBe(0)
    page.abort()
    await vi.waitFor(() => expect(grace()).toBe(1))
    clock.fire(graceMs)
    await vi.waitFor(() => expect(service.live.size).toBe(0))
  })

  it('takes a beacon', async () => {
    const { url, service } = await setUp()
    const visit = await openVisit(`${url}/ivh`)
    const ticket = visit.headers.authorization.slice('Bearer '.length)
    const headers = { origin: url, 'content-type': 'text/plain;charset=UTF-8' }
    const init = { method: 'POST', headers, body: ticket }
    expect((await fetch(`${visit.url}/close`, init)).status).toBe(204)
    expect(service.live.size).toBe(0)
  })

  it('leaves every other route to Nest, bodies too', async () => {
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

  it('serves under another path', async () => {
    const { url } = await setUp({ basePath: '/api/avatar' })
    await openVisit(`${url}/api/avatar`)
    expect((await fetch(`${url}/ivh/sessions`, { method: 'POST' })).status).toBe(404)
  })

  it('refuses a foreign page', async () => {
    const { url, service } = await setUp()
    const init = { method: 'POST', headers: { origin: 'https://evil.test' } }
    expect((await fetch(`${url}/ivh/sessions`, init)).status).toBe(403)
    expect(service.calls).toEqual([])
  })

  it('leaves the globals of its host alone', async () => {
    const { url } = await setUp()
    await openVisit(`${url}/ivh`)
    expect(globalThis.Request).toBe(untouched.Request)
    expect(globalThis.Response).toBe(untouched.Response)
  })

  it('does not keep app.close() waiting for open event streams', async () => {
    const { app, url, service } = await setUp()
    const { read } = await follow(await openVisit(`${url}/ivh`))
    await vi.waitFor(() => expect(read.text).toContain('"state":"ready"'))
    await app.close()
    await vi.waitFor(() => expect(read.ended).toBe(true))
    expect(read.text).toContain('"reason":"shutdown"')
    expect(service.live.size).toBe(0)
  })
})
