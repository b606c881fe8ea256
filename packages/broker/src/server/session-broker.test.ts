import { createIvhClient } from '@ivh-kit/core'
import { describe, expect, it } from 'vitest'
import { setUpBroker } from '../testing/set-up-broker'
import { until } from '../testing/until'
import { createSessionBroker } from './session-broker'

const json = async (response: Response) => ({
  status: response.status,
  body: await response.json(),
})

describe('POST /sessions', () => {
  it('answers at once with an id and an independent ticket', async () => {
    const { send, openSessions } = await setUpBroker()
    const response = await send('/sessions', { method: 'POST' })
    const { status, body } = await json(response)
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      ticket: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const { id, ticket } = body as { id: string; ticket: string }
    expect(ticket).not.toContain(id)
    expect(response.headers.get('location')).toBe(`/ivh/sessions/${id}`)
    expect(response.headers.get('cache-control')).toBe('no-store')
    await until(() => openSessions() === 1)
  })

  it('passes the request, its body and a visitor id to open', async () => {
    let seen: object | undefined
    const { send } = await setUpBroker({
      open: async ({ request, body, visitorId, signal }) => {
        seen = { language: request.headers.get('accept-language'), body, visitorId, signal }
        throw new Error('enough')
      },
    })
    const headers = { 'accept-language': 'de' }
    const init = { method: 'POST', headers, body: '{"scene":"lobby"}' }
    const { body } = await json(await send('/sessions', init))
    expect(seen).toEqual({
      language: 'de',
      body: { scene: 'lobby' },
      visitorId: (body as { id: string }).id,
      signal: expect.any(AbortSignal),
    })
  })

  it.each(['[1]', '"text"', '{', 'a=b'])('rejects the body %s', async (body) => {
    const { send, emulator } = await setUpBroker()
    expect(await json(await send('/sessions', { method: 'POST', body }))).toMatchObject({
      status: 400,
      body: { problem: { reason: 'bad-request' } },
    })
    expect(emulator.calls).toEqual([])
  })

  it('accepts a body of 16 KiB and rejects a larger one', async () => {
    const { send } = await setUpBroker()
    const body = (bytes: number) => JSON.stringify({ a: 'x'.repeat(bytes - 8) })
    expect(body(16_384)).toHaveLength(16_384)
    expect((await send('/sessions', { method: 'POST', body: body(16_384) })).status).toBe(201)
    expect((await send('/sessions', { method: 'POST', body: body(16_385) })).status).toBe(413)
  })
})

describe('authorize', () => {
  it('sends the response of authorize and opens nothing', async () => {
    const { send, emulator } = await setUpBroker({
      authorize: (request) =>
        request.headers.get('authorization') === 'Bearer member'
          ? undefined
          : new Response('members only', { status: 401 }),
    })
    const refused = await send('/sessions', { method: 'POST' })
    expect([refused.status, await refused.text()]).toEqual([401, 'members only'])
    expect(emulator.calls).toEqual([])
    const headers = { authorization: 'Bearer member' }
    expect((await send('/sessions', { method: 'POST', headers })).status).toBe(201)
  })

  it.each([
    ['false', false, false],
    ['null', null, true],
    ['0', 0, true],
    ['an object', {}, true],
  ])('refuses when it returns %s', async (_name, result, isLogged) => {
    const { send, emulator, log } = await setUpBroker({
      authorize: async () => result as boolean,
    })
    const { status, body } = await json(await send('/sessions', { method: 'POST' }))
    expect(status).toBe(403)
    expect(body).toMatchObject({ problem: { reason: 'forbidden' } })
    expect(emulator.calls).toEqual([])
    expect(log.some((line) => line.startsWith('authorize returned'))).toBe(isLogged)
  })

  it('allows when it returns true', async () => {
    const { send } = await setUpBroker({ authorize: () => true })
    expect((await send('/sessions', { method: 'POST' })).status).toBe(201)
  })

  it('answers 500 when authorize throws, and logs the error', async () => {
    const { send, log } = await setUpBroker({
      authorize: () => Promise.reject(new Error('database hunter2 is down')),
    })
    const { status, body } = await json(await send('/sessions', { method: 'POST' }))
    expect(status).toBe(500)
    expect(JSON.stringify(body)).not.toContain('hunter2')
    expect(log).toEqual(['POST /sessions failed: Error: database hunter2 is down'])
  })

  it('checks maxSessions after a slow authorize', async () => {
    const { send, openSessions, count } = await setUpBroker({
      maxSessions: 1,
      authorize: async () => {
        await new Promise(setImmediate)
        return undefined
      },
    })
    const answers = await Promise.all([1, 2, 3].map(() => send('/sessions', { method: 'POST' })))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 503, 503])
    await until(() => openSessions() > 0)
    expect(count('createSessionByAsset')).toBe(1)
  })

  it('opens nothing when authorize ends after close()', async () => {
    let allow = () => {}
    const { send, broker, emulator } = await setUpBroker({
      authorize: () =>
        new Promise((resolve) => {
          allow = () => resolve(undefined)
        }),
    })
    const asked = send('/sessions', { method: 'POST' })
    await broker.close()
    allow()
    expect((await asked).status).toBe(503)
    expect(emulator.calls).toEqual([])
  })
})

describe('maxSessions', () => {
  it('counts a session until the service has confirmed its close', async () => {
    const { send, open, openSessions, emulator, timers } = await setUpBroker({
      maxSessions: 1,
      prepareMs: 8_000,
    })
    emulator.faults.plan([{ on: 'createSessionByAsset', delayMs: 1_000 }])
    const visit = await open()
    expect((await visit.close()).status).toBe(204)
    expect((await send('/sessions', { method: 'POST' })).status).toBe(503)
    await timers.tickAsync(1_000)
    await until(() => emulator.sessions.length === 1 && openSessions() === 0)
    await until(async () => (await send('/sessions', { method: 'POST' })).status === 201)
  })

  it('counts a session whose close has failed until a later close succeeds', async () => {
    const { send, open, openSessions, emulator, timers } = await setUpBroker({ maxSessions: 1 })
    const visit = await open()
    await visit.reaches('ready')
    emulator.faults.plan([{ on: 'closeSession', code: 100005, times: 1 }])
    expect((await visit.close()).status).toBe(502)
    expect((await send('/sessions', { method: 'POST' })).status).toBe(503)
    await timers.tickAsync(10_000)
    expect(openSessions()).toBe(0)
    expect((await send('/sessions', { method: 'POST' })).status).toBe(201)
  })

  it('refuses the next session with 503 and Retry-After until one is closed', async () => {
    const { send, open } = await setUpBroker({ maxSessions: 2 })
    const first = await open()
    await open()
    const refused = await send('/sessions', { method: 'POST' })
    expect(refused.headers.get('retry-after')).toBe('10')
    expect(await json(refused)).toMatchObject({
      status: 503,
      body: { problem: { reason: 'busy', message: 'All digital humans are in use right now.' } },
    })
    await first.reaches('ready')
    await first.close()
    expect((await send('/sessions', { method: 'POST' })).status).toBe(201)
  })

  it('does not count a session that failed to open', async () => {
    const { send, open, emulator } = await setUpBroker({ maxSessions: 1 })
    emulator.faults.plan([{ on: 'createSessionByAsset', code: 100015 }])
    const failed = await open()
    await failed.reaches('failed')
    expect((await send('/sessions', { method: 'POST' })).status).toBe(201)
  })
})

describe('the ticket', () => {
  const routes = [
    ['GET', ''],
    ['GET', '/events'],
    ['DELETE', ''],
    ['POST', '/close'],
  ] as const

  it.each(routes)(
    'requires the ticket for %s …%s, and treats a wrong ticket like an unknown session',
    async (method, path) => {
      const { send, open, openSessions } = await setUpBroker()
      const visit = await open()
      const other = await open()
      await visit.reaches('ready')
      const ask = async (id: string, ticket: string) => {
        const init =
          path === '/close'
            ? { method, body: ticket }
            : { method, headers: { authorization: `Bearer ${ticket}` } }
        const response = await send(`/sessions/${id}${path}`, init)
        return [response.status, await response.text()]
      }
      const unknown = await ask('0'.repeat(32), visit.ticket)
      expect(unknown[0]).toBe(404)
      expect(await ask(visit.id, other.ticket)).toEqual(unknown)
      expect(await ask(visit.id, visit.ticket.slice(1))).toEqual(unknown)
      expect(await ask(visit.id, '')).toEqual(unknown)
      expect(openSessions()).toBe(2)
    },
  )

  it('does not accept the ticket in the URL', async () => {
    const { send, open } = await setUpBroker()
    const visit = await open()
    expect((await send(`/sessions/${visit.id}?ticket=${visit.ticket}`)).status).toBe(404)
  })

  it('returns the state of a session for its ticket', async () => {
    const { open, emulator } = await setUpBroker()
    const visit = await open()
    await visit.reaches('ready')
    expect(await visit.state()).toEqual({
      id: visit.id,
      state: 'ready',
      elapsedMs: 0,
      sessionId: emulator.sessions[0]?.sessionId,
      playback: { webrtc: emulator.sessions[0]?.playUrl },
    })
  })
})

describe('origins', () => {
  const from = (origin: string, extra: RequestInit = {}) => ({
    method: 'POST',
    ...extra,
    headers: { origin, ...extra.headers },
  })

  it.each(['http://shop.test', 'https://shop.test'])(
    'accepts %s as the page’s own',
    async (origin) => {
      const { send } = await setUpBroker()
      const response = await send('/sessions', from(origin))
      expect(response.status).toBe(201)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    },
  )

  it.each(['shop.test:443', 'SHOP.test', 'Shop.Test:443'])(
    'accepts its own page when Host is %s',
    async (host) => {
      const { send } = await setUpBroker()
      const opened = await send('/sessions', from('https://shop.test', { headers: { host } }))
      expect(opened.status).toBe(201)
    },
  )

  it('believes X-Forwarded-Host only with trustProxy', async () => {
    const headers = { host: '10.0.0.7:3000', 'x-forwarded-host': 'shop.test, 10.0.0.7' }
    const init = from('https://shop.test', { headers })
    expect((await (await setUpBroker()).send('/sessions', init)).status).toBe(403)
    const { send } = await setUpBroker({ trustProxy: true })
    expect((await send('/sessions', init)).status).toBe(201)
  })

  it('logs a refused origin once, with the remedy', async () => {
    const { send, log } = await setUpBroker()
    const init = from('https://shop.test', { headers: { host: '10.0.0.7:3000' } })
    await send('/sessions', init)
    await send('/sessions', init)
    expect(log).toEqual([
      'A page of "https://shop.test" was refused, because the request asked for the host "10.0.0.7:3000". If the page is yours, add its origin to allowedOrigins, or let the proxy pass the Host header on.',
    ])
  })

  it('compares the origin with the Host header of a proxy', async () => {
    const { send } = await setUpBroker()
    const headers = { host: 'www.shop.example' }
    expect((await send('/sessions', from('https://www.shop.example', { headers }))).status).toBe(
      201,
    )
    expect((await send('/sessions', from('http://shop.test', { headers }))).status).toBe(403)
  })

  it.each(['https://evil.test', 'http://shop.test:8080', 'http://shop.test.evil.test', 'null'])(
    'refuses %s and opens nothing',
    async (origin) => {
      const { send, emulator } = await setUpBroker()
      const response = await send('/sessions', from(origin))
      expect(response.status).toBe(403)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      expect(emulator.calls).toEqual([])
      const asked = await send('/sessions', from(origin, { method: 'OPTIONS' }))
      expect(asked.status).toBe(403)
    },
  )

  it('allows an origin in allowedOrigins to preflight, open and read', async () => {
    const { send } = await setUpBroker({ allowedOrigins: ['https://app.test'] })
    const asked = await send('/sessions', from('https://app.test', { method: 'OPTIONS' }))
    expect(asked.status).toBe(204)
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      'access-control-allow-origin': 'https://app.test',
      'access-control-allow-methods': 'GET, POST, DELETE',
      'access-control-allow-headers': 'authorization, content-type',
      vary: 'origin',
    })
    const opened = await send('/sessions', from('https://app.test'))
    expect(opened.status).toBe(201)
    expect(opened.headers.get('access-control-allow-origin')).toBe('https://app.test')
    expect(opened.headers.get('vary')).toBe('origin')
  })

  it('lets an allowed origin read the response of authorize, even an immutable one', async () => {
    const { send } = await setUpBroker({
      allowedOrigins: ['https://app.test'],
      authorize: () => Response.redirect('https://shop.test/login'),
    })
    const response = await send('/sessions', from('https://app.test'))
    expect(response.status).toBe(302)
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.test')
  })
})

describe('routes', () => {
  it.each([
    ['GET', '/sessions', 'POST'],
    ['DELETE', '/sessions', 'POST'],
    ['OPTIONS', '/sessions', 'POST'],
  ])('%s %s answers 405 with Allow: %s', async (method, path, allow) => {
    const { send } = await setUpBroker()
    const response = await send(path, { method })
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
  })

  it('answers 405 to other methods of the session routes', async () => {
    const { send, open } = await setUpBroker()
    const { id, ticket, headers } = await open()
    const status = async (path: string, init: RequestInit) =>
      (await send(`/sessions/${id}${path}`, init)).status
    expect(await status('', { method: 'POST', headers })).toBe(405)
    expect(await status('/events', { method: 'POST', headers })).toBe(405)
    expect(await status('/close', { method: 'PUT', body: ticket })).toBe(405)
  })

  it.each(['/', '/sessions/../x', '/other', '/sessions/zz'])('answers 404 to %s', async (path) => {
    const { send } = await setUpBroker()
    expect(await json(await send(path))).toEqual({
      status: 404,
      body: {
        problem: {
          reason: 'unknown-route',
          message: 'The broker has no such route. Its routes begin with /ivh/sessions.',
        },
      },
    })
  })

  it('accepts a slash at the end', async () => {
    const { send } = await setUpBroker()
    expect((await send('/sessions/', { method: 'POST' })).status).toBe(201)
  })

  it('serves its routes under basePath', async () => {
    const { broker } = await setUpBroker({ basePath: '/api/avatar' })
    const status = async (path: string) => {
      const request = new Request(`http://shop.test${path}`, { method: 'POST' })
      return (await broker.handle(request)).status
    }
    expect(await status('/api/avatar/sessions')).toBe(201)
    expect(await status('/ivh/sessions')).toBe(404)
    expect(await status('/api/avatarsessions')).toBe(404)
  })
})

describe('closing', () => {
  it('answers a DELETE with 204 when the service has confirmed', async () => {
    const { open, openSessions, count } = await setUpBroker()
    const visit = await open()
    await visit.reaches('ready')
    expect((await visit.close()).status).toBe(204)
    expect(openSessions()).toBe(0)
    expect((await visit.close()).status).toBe(204)
    expect(count('closeSession')).toBe(1)
  })

  it('accepts a beacon with only the ticket as its body', async () => {
    const { open, send, openSessions } = await setUpBroker()
    const visit = await open()
    await visit.reaches('ready')
    const init = { method: 'POST', body: visit.ticket, headers: { origin: 'http://shop.test' } }
    expect((await send(`/sessions/${visit.id}/close`, init)).status).toBe(204)
    expect(openSessions()).toBe(0)
  })

  it('answers 502 every time when the service did not confirm', async () => {
    const { open, log, emulator } = await setUpBroker()
    const visit = await open()
    await visit.reaches('ready')
    emulator.faults.plan([{ on: 'closeSession', code: 100005, times: 100 }])
    expect((await visit.close()).status).toBe(502)
    expect((await visit.close()).status).toBe(502)
    expect(await visit.state()).toMatchObject({
      state: 'failed',
      problem: { reason: 'not-confirmed' },
    })
    expect(log.join()).toContain('could not be closed and may still cost money')
  })

  it('answers 204 for a session that did not open', async () => {
    const { open, emulator } = await setUpBroker()
    emulator.faults.plan([{ on: 'createSessionByAsset', code: 100001 }])
    const visit = await open()
    await visit.reaches('failed')
    expect((await visit.close()).status).toBe(204)
  })

  it('keeps the final state readable for a minute', async () => {
    const { open, send, timers } = await setUpBroker()
    const visit = await open()
    await visit.close()
    await timers.tickAsync(59_999)
    expect(await visit.state()).toMatchObject({ state: 'closed' })
    await timers.tickAsync(1)
    const { headers } = visit
    expect((await send(`/sessions/${visit.id}`, { headers })).status).toBe(404)
  })
})

describe('ended visits', () => {
  it('are remembered up to a thousand, the latest ones', async () => {
    let created = 0
    const { open, send } = await setUpBroker({
      createId: () => (++created).toString(16).padStart(32, '0'),
      open: () => Promise.reject(new Error('enough')),
      logger: { warn() {}, error() {} },
    })
    const visits: Awaited<ReturnType<typeof open>>[] = []
    for (let count = 0; count < 1_001; count++) visits.push(await open())
    await visits.at(-1)?.reaches('failed')
    const status = async (visit: (typeof visits)[number] | undefined) =>
      (await send(`/sessions/${visit?.id}`, { headers: visit?.headers ?? {} })).status
    expect(await status(visits[0])).toBe(404)
    expect(await status(visits[1])).toBe(200)
    expect(await status(visits.at(-1))).toBe(200)
  })
})

describe('close()', () => {
  it('ends at its timeout and names the sessions that are still open', async () => {
    const { open, broker, emulator, log, timers } = await setUpBroker()
    const visit = await open()
    await visit.reaches('ready')
    const { sessionId } = await visit.state()
    emulator.faults.plan([{ on: 'closeSession', delayMs: 60_000, times: 100 }])
    let ended = false
    const closing = broker.close({ timeoutMs: 2_000 }).then(() => {
      ended = true
    })
    await timers.tickAsync(1_999)
    expect(ended).toBe(false)
    await timers.tickAsync(1)
    await closing
    expect(log.at(-1)).toBe(
      `The service has not confirmed the close of 1 session(s); they may still cost money: session ${sessionId} of visit ${visit.id}`,
    )
  })

  it('waits for the sessions of visits that were closed while they opened', async () => {
    const { open, broker, openSessions, emulator, log, timers } = await setUpBroker()
    emulator.faults.plan([{ on: 'createSessionByAsset', delayMs: 1_000 }])
    const visit = await open()
    await visit.close()
    const closing = broker.close()
    await timers.tickAsync(1_000)
    await closing
    expect(emulator.sessions).toHaveLength(1)
    expect(openSessions()).toBe(0)
    expect(log.join()).not.toContain('not confirmed')
  })

  it('closes every session, ends every stream with the reason, and leaves no timer', async () => {
    const { open, broker, timers, openSessions } = await setUpBroker()
    const visits = [await open(), await open()]
    for (const visit of visits) await visit.reaches('ready')
    const pages = await Promise.all(visits.map((visit) => visit.follow()))
    await broker.close()
    await until(() => pages.every((page) => page.ended))
    for (const page of pages) {
      expect(page.states).toEqual(['ready', 'closing', 'closed'])
      expect(page.last?.problem).toEqual({
        reason: 'shutdown',
        message: 'The server is restarting.',
        hint: 'Try again in a moment.',
      })
    }
    expect(openSessions()).toBe(0)
    expect(timers.countTimers()).toBe(0)
  })

  it('aborts a session that is opening', async () => {
    const { open, openSessions, broker, ivh, timers } = await setUpBroker({ prepareMs: 60_000 })
    const visit = await open()
    const page = await visit.follow()
    await until(() => page.states.includes('preparing'))
    await broker.close()
    await until(() => page.ended)
    expect(page.last).toMatchObject({ state: 'closed', problem: { reason: 'shutdown' } })
    await ivh.close()
    expect(openSessions()).toBe(0)
    expect(timers.countTimers()).toBe(0)
  })

  it('refuses new sessions and can be called twice', async () => {
    const { send, broker } = await setUpBroker()
    await Promise.all([broker.close(), broker.close()])
    const refused = await send('/sessions', { method: 'POST' })
    expect(refused.headers.get('retry-after')).toBe('10')
    expect(await json(refused)).toMatchObject({
      status: 503,
      body: { problem: { reason: 'shutdown' } },
    })
  })

  it('cancels the timers of ended sessions', async () => {
    const { open, broker, timers } = await setUpBroker()
    await (await open()).close()
    // The aborted session is closed in the background.
    await until(() => timers.countTimers() === 1)
    await broker.close()
    expect(timers.countTimers()).toBe(0)
  })
})

describe('a replica', () => {
  it('closes the sessions that a crash of the same replica left open, and no others', async () => {
    const crashed = await setUpBroker()
    const { ivh, emulator, timers } = crashed
    const open = (userId: string) =>
      ivh.createSessionByAsset({
        AssetVirtualmanKey: 'presenter',
        UserId: userId,
        Protocol: 'webrtc',
        DriverType: 1,
      })
    const mine = await open(`web-1-${'a'.repeat(26)}`)
    await open('web-1-2-abc')
    await open('kiosk-17')
    const log: string[] = []
    const next = createIvhClient(emulator.clientOptions)
    createSessionBroker({
      open: () => Promise.reject(new Error('not used')),
      replica: { name: 'web-1', sessions: next.sessions },
      logger: { warn: (line) => log.push(line), error: (line) => log.push(line) },
    })
    await until(() => log.length > 0)
    await timers.tickAsync(1_000)
    expect(log).toEqual([`Closed 1 session(s) that replica web-1 had left open: ${mine.SessionId}`])
    expect(crashed.openSessions()).toBe(2)
  })

  it('puts its name in front of every visitor id', async () => {
    const seen: string[] = []
    const { send } = await setUpBroker({
      replica: { name: 'web-1', sessions: { closeOrphans: async () => [] } },
      open: ({ visitorId }) => {
        seen.push(visitorId)
        return Promise.reject(new Error('enough'))
      },
    })
    await send('/sessions', { method: 'POST' })
    expect(seen).toEqual([expect.stringMatching(/^web-1-[0-9a-f]{26}$/)])
  })
})
