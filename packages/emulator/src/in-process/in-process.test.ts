import { once } from 'node:events'
import { createServer } from 'node:http'
import { request, fetch as undiciFetch } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { createClock } from '../clock'
import { createEmulator, type Emulator, type EmulatorOptions } from '../create-emulator'
import { handSigned, paths, reqId } from '../testing/account'
import { channelUrl, id } from '../testing/channel'
import type { InProcessWebSocketEvent } from './web-socket'

const emulators: Emulator[] = []
afterEach(async () => {
  for (const emulator of emulators.splice(0)) await emulator.close()
})

async function setUp(options: EmulatorOptions = {}) {
  const clock = createClock({ running: false })
  const emulator = await createEmulator({ listen: false, prepareMs: 0, clock, ...options })
  emulators.push(emulator)
  const address = (path: string) => {
    const text = `appkey=emulator-appkey&timestamp=${Math.floor(clock.now() / 1000)}`
    return `${emulator.url}${path}?${text}&signature=${handSigned(text, 'emulator-accesstoken')}`
  }
  const body = (payload: object) =>
    JSON.stringify({ Header: {}, Payload: { ReqId: reqId, ...payload } })
  const call = (path: string, payload: object, signal?: AbortSignal) =>
    request(address(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body(payload),
      dispatcher: emulator.dispatcher,
      ...(signal && { signal }),
    })
  const create = (payload: object = {}, signal?: AbortSignal) =>
    call(
      paths.createSessionByAsset,
      { AssetVirtualmanKey: 'a', UserId: 'u', Protocol: 'rtmp', DriverType: 1, ...payload },
      signal,
    )
  return { emulator, clock, address, body, call, create }
}

interface Body {
  readonly Header: { readonly Code: number }
  readonly Payload: { readonly SessionId: string }
}

describe('the dispatcher', () => {
  it('answers a request of undici without a port', async () => {
    const { emulator, create, clock } = await setUp()
    const { statusCode, headers, body } = await create()
    const answer = (await body.json()) as Body
    expect(statusCode).toBe(200)
    expect(headers['content-type']).toContain('application/json')
    expect(Date.parse(String(headers.date))).toBe(Math.floor(clock.now() / 1000) * 1000)
    expect(answer.Header.Code).toBe(0)
    expect(emulator.sessions).toMatchObject([{ sessionId: answer.Payload.SessionId, status: 1 }])
  })

  it('answers undici’s fetch, which uses the newer handlers', async () => {
    const { emulator, address, body } = await setUp()
    const response = await undiciFetch(address(paths.listSessionOfUin), {
      method: 'POST',
      body: body({}),
      dispatcher: emulator.dispatcher,
    })
    expect(await response.json()).toMatchObject({ Header: { Code: 0 }, Payload: { Sessions: [] } })
  })

  it.each(['before', 'after'] as const)('reports a connection that is dropped %s', async (drop) => {
    const { emulator, create } = await setUp()
    emulator.faults.plan([{ on: 'createSessionByAsset', drop }])
    await expect(create()).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' })
    expect(emulator.sessions).toHaveLength(drop === 'after' ? 1 : 0)
  })

  it('reports a truncated response', async () => {
    const { emulator, create } = await setUp()
    emulator.faults.plan([{ on: 'createSessionByAsset', truncate: true }])
    const { statusCode, body } = await create()
    expect(statusCode).toBe(200)
    await expect(body.text()).rejects.toThrow()
  })

  it('stops when the signal is aborted, before the request or before its response', async () => {
    const { emulator, create, clock } = await setUp()
    emulator.faults.plan([{ delayMs: 1_000 }])
    const controller = new AbortController()
    const answer = create({}, controller.signal)
    const rejected = expect(answer).rejects.toThrow('enough')
    await clock.advance(500)
    controller.abort(new Error('enough'))
    await rejected
    await expect(create({ UserId: 'v' }, controller.signal)).rejects.toThrow('enough')
    await clock.advance(1_000)
    expect(emulator.sessions.map(({ userId }) => userId)).toEqual(['u'])
  })

  it('opens no network connection', async () => {
    let connections = 0
    const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1')
    server.on('connection', () => {
      connections += 1
    })
    await once(server, 'listening')
    const { emulator } = await setUp()
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const answer = await request(`http://127.0.0.1:${port}/`, { dispatcher: emulator.dispatcher })
    expect(await answer.body.text()).toContain('IVH emulator')
    expect(connections).toBe(0)
    server.close()
  })
})

describe('webSocket', () => {
  async function channel(options: EmulatorOptions = {}) {
    const set = await setUp({ speechDelayMs: 10, ...options })
    const { SessionId } = ((await (await set.create()).body.json()) as Body).Payload
    await (await set.call(paths.startSession, { SessionId })).body.dump()
    const open = (requestId = SessionId) => {
      const url = channelUrl(set.clock.now(), requestId).replace('http://emulator.test', 'ws://x')
      const socket = set.emulator.webSocket(url)
      const log: InProcessWebSocketEvent[] = []
      for (const type of ['open', 'message', 'close', 'error'] as const) {
        socket.addEventListener(type, (event) => log.push(event))
      }
      return { socket, log, types: () => log.map(({ type }) => type) }
    }
    const text = (Text: string) =>
      JSON.stringify({
        Header: {},
        Payload: { ReqId: id(1), SessionId, Command: 'SEND_TEXT', Data: { Text } },
      })
    return { ...set, SessionId, open, text }
  }

  it('carries a text and its states after it is open', async () => {
    const { open, clock, text } = await channel()
    const { socket, log, types } = open()
    expect(() => socket.send('{}')).toThrow('still connecting')
    await clock.advance(0)
    socket.send(text('Hi'))
    expect(types()).toEqual(['open'])
    await clock.advance(1_000)
    const payloads = log.slice(1).map(({ data }) => JSON.parse(String(data)).Payload)
    expect(payloads.map(({ SpeakStatus, Text }) => SpeakStatus ?? Text)).toEqual([
      'Hi',
      'WaitingTextStart',
      'TextStart',
      'WaitingTextOver',
      'TextOver',
    ])
  })

  it('fails and closes with 1006 when it is refused', async () => {
    const { open, clock } = await channel()
    const { socket, types, log } = open('m404')
    await clock.advance(0)
    expect(types()).toEqual(['error', 'close'])
    expect(log.at(-1)?.code).toBe(1006)
    expect(socket.readyState).toBe(3)
  })

  it('refuses a malformed address like a real WebSocket', async () => {
    const { emulator } = await setUp()
    for (const url of ['not a url', '/v2/ws']) {
      const refused = expect(() => emulator.webSocket(url))
      refused.toThrow(expect.objectContaining({ name: 'SyntaxError' }))
    }
  })

  it('frees the session for another channel when it closes, even while it connects', async () => {
    const { open, clock } = await channel()
    open().socket.close()
    await clock.advance(0)
    const second = open()
    await clock.advance(0)
    expect(second.types()).toEqual(['open'])
    second.socket.close(1000, 'done')
    await clock.advance(0)
    expect(second.log.at(-1)).toEqual({ type: 'close', code: 1000, reason: 'done' })
    const third = open()
    await clock.advance(0)
    expect(third.types()).toEqual(['open'])
  })

  it('closes with the session’s reason, and a restart cuts it', async () => {
    const { open, clock, emulator, call, SessionId } = await channel()
    const first = open()
    await clock.advance(0)
    await emulator.restart({ keepSessions: true })
    await clock.advance(0)
    expect(first.log.at(-1)?.code).toBe(1006)
    const second = open()
    await clock.advance(0)
    await (await call(paths.closeSession, { SessionId })).body.dump()
    await clock.advance(0)
    expect(second.log.at(-1)).toMatchObject({
      code: 1000,
      reason: 'the session is closed: closed by closesession',
    })
  })

  it('closes with 1009 after a frame above 1 MiB', async () => {
    const { open, clock } = await channel()
    const { socket, log } = open()
    await clock.advance(0)
    socket.send('x'.repeat(1024 * 1024 + 1))
    await clock.advance(0)
    expect(log.at(-1)).toMatchObject({ type: 'close', code: 1009 })
  })
})

describe('an emulator without a port', () => {
  it('moves its clock by ten minutes', async () => {
    const { emulator, create } = await setUp()
    await (await create()).body.dump()
    await emulator.advance(600_000)
    expect(emulator.sessions).toMatchObject([{ status: 2, closeType: 2 }])
  })

  it('has no sessions, calls or faults after a reset', async () => {
    const { emulator, create } = await setUp({ concurrency: 1 })
    await (await create()).body.dump()
    emulator.faults.plan([{ status: 500 }])
    await emulator.reset()
    expect([emulator.sessions, emulator.calls, emulator.faults.pending]).toEqual([[], [], []])
    expect((await create({ UserId: 'v' })).statusCode).toBe(200)
    expect(emulator.sessions).toMatchObject([{ userId: 'v', status: 1 }])
  })

  it('rejects advance when its clock cannot be moved', async () => {
    const { emulator } = await setUp({ clock: { now: () => 0, after: () => () => {} } })
    await expect(emulator.advance(1)).rejects.toThrow('createClock')
  })
})
