import { once } from 'node:events'
import { createConnection } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createClock } from '../clock'
import { createEmulator, type Emulator, type EmulatorOptions } from '../create-emulator'
import { handSigned, paths, reqId } from '../testing/account'
import { channelUrl, id } from '../testing/channel'

const emulators: Emulator[] = []
const cleanUps: (() => void)[] = []
afterEach(async () => {
  for (const emulator of emulators.splice(0)) await emulator.close()
  for (const clean of cleanUps.splice(0)) clean()
})

async function setUp(options: EmulatorOptions = {}) {
  const emulator = await createEmulator({ prepareMs: 0, speechDelayMs: 0, ...options })
  emulators.push(emulator)
  const call = async (path: string, payload: object) => {
    const text = `appkey=emulator-appkey&timestamp=${Math.floor(emulator.clock.now() / 1000)}`
    const query = `${text}&signature=${handSigned(text, 'emulator-accesstoken')}`
    const response = await fetch(`${emulator.url}${path}?${query}`, {
      method: 'POST',
      body: JSON.stringify({ Header: {}, Payload: { ReqId: reqId, ...payload } }),
    })
    return ((await response.json()) as { Payload: { SessionId: string } }).Payload
  }
  const { SessionId } = await call(paths.createSessionByAsset, {
    AssetVirtualmanKey: 'a',
    UserId: 'u',
    Protocol: 'rtmp',
    DriverType: 1,
  })
  await call(paths.startSession, { SessionId })
  const url = (requestId = SessionId) =>
    channelUrl(emulator.clock.now(), requestId).replace('http://emulator.test', emulator.url)
  return { emulator, SessionId, call, url }
}

const uplink = (SessionId: string, Text: string) =>
  JSON.stringify({
    Header: {},
    Payload: { ReqId: id(1), SessionId, Command: 'SEND_TEXT', Data: { Text } },
  })

describe('the command channel as a WebSocket', () => {
  it('carries a text and its states', async () => {
    const { SessionId, url } = await setUp()
    const socket = new WebSocket(url())
    const states: string[] = []
    const over = new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const { SpeakStatus, Text } = JSON.parse(data.toString()).Payload
        states.push(SpeakStatus ?? Text)
        if (states.at(-1) === 'TextOver') resolve()
      })
    })
    await once(socket, 'open')
    socket.send(uplink(SessionId, 'a'))
    await over
    expect(states).toEqual(['a', 'WaitingTextStart', 'TextStart', 'WaitingTextOver', 'TextOver'])
    socket.terminate()
  })

  it('answers a refused upgrade with HTTP and the reason', async () => {
    const { emulator, url } = await setUp({ clock: createClock({ startAt: Date.UTC(2030, 0) }) })
    const socket = new WebSocket(url('m1'))
    socket.on('error', () => {})
    const [, response] = await once(socket, 'unexpected-response')
    expect(response.statusCode).toBe(404)
    expect(Math.abs(Date.parse(response.headers.date) - emulator.clock.now())).toBeLessThan(2_000)
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk)
    expect(JSON.parse(Buffer.concat(chunks).toString()).Header).toMatchObject({
      Code: 110018,
      Message: expect.stringContaining('requestid must be the SessionId'),
    })
  })

  it('sends the reason of a close, and frees the session when the client disconnects', async () => {
    const { SessionId, url, call } = await setUp()
    const first = new WebSocket(url())
    await once(first, 'open')
    first.terminate()
    await once(first, 'close')
    const second = new WebSocket(url())
    await once(second, 'open')
    await call(paths.closeSession, { SessionId })
    const [code, reason] = await once(second, 'close')
    expect([code, String(reason)]).toEqual([1000, 'the session is closed: closed by closesession'])
  })

  it('survives a malformed frame', async () => {
    const { emulator, url } = await setUp()
    const socket = new WebSocket(url())
    const [{ socket: raw }] = await once(socket, 'upgrade')
    raw.write(Buffer.from([0xff, 0xff, 0x00, 0x12]))
    socket.on('error', () => {})
    await once(socket, 'close')
    await expect
      .poll(() => emulator.events.at(-1)?.text)
      .toBe('command channel closed: the client disconnected')
  })

  it('is cut by a restart that keeps the sessions, and opens again', async () => {
    const { emulator, url } = await setUp()
    const socket = new WebSocket(url())
    await once(socket, 'open')
    const closed = once(socket, 'close')
    await emulator.restart({ keepSessions: true })
    expect((await closed)[0]).toBe(1006)
    const again = new WebSocket(url())
    await once(again, 'open')
    expect(emulator.sessions).toMatchObject([{ status: 1 }])
    again.terminate()
  })

  it('closes together with the emulator', async () => {
    const { emulator, url } = await setUp()
    const socket = new WebSocket(url())
    await once(socket, 'open')
    const closed = once(socket, 'close')
    await emulator.close()
    await closed
  })
})

/** Sends raw bytes and returns the response, until the emulator is silent or closes the connection. */
async function raw(emulator: Emulator, ...pieces: string[]) {
  const { hostname, port } = new URL(emulator.url)
  const socket = createConnection({ host: hostname, port: Number(port), allowHalfOpen: true })
  cleanUps.push(() => socket.destroy())
  await once(socket, 'connect')
  let received = ''
  socket.on('data', (data) => {
    received += data
  })
  for (const piece of pieces) {
    socket.write(piece)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { socket, received: () => received }
}

describe('an upgrade to anything but a WebSocket', () => {
  const offer = (length: number, connection: string) =>
    [
      `POST ${paths.statSession} HTTP/1.1`,
      'Host: localhost',
      `Connection: ${connection}`,
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA',
      `Content-Length: ${length}`,
      '',
      '',
    ].join('\r\n')
  const body = JSON.stringify({ Header: {}, Payload: { ReqId: reqId, SessionId: 'm1' } })

  it.each([
    ['in one piece', (request: string) => [request]],
    ['with a body that comes later', (request: string) => request.split(/(?<=\r\n\r\n)/)],
    ['byte by byte', (request: string) => [...request]],
  ])('is answered as plain HTTP every time, %s', async (_how, cut) => {
    const { emulator } = await setUp()
    const request = offer(body.length, 'Upgrade, HTTP2-Settings') + body
    const { received } = await raw(emulator, ...cut(request + request + request))
    const count = () => received().match(/HTTP\/1\.1 200 OK.*?the query parameter appkey/gs)?.length
    await expect.poll(count).toBe(3)
    const sent = { name: 'statSession', payload: { SessionId: 'm1' } }
    expect(emulator.calls.slice(-3)).toMatchObject([sent, sent, sent])
  })

  it('is answered after the earlier requests of the connection', async () => {
    const { emulator } = await setUp()
    emulator.faults.plan([{ on: 'statSession', delayMs: 50, status: 503 }])
    const request = offer(body.length, 'Upgrade') + body
    const { received } = await raw(emulator, request + request)
    const statuses = () => received().match(/(?<=HTTP\/1\.1 )\d+/g)
    await expect.poll(statuses).toEqual(['503', '200'])
  })

  it('may ask to close the connection', async () => {
    const { emulator } = await setUp()
    const { socket, received } = await raw(emulator, offer(0, 'close, Upgrade'))
    await once(socket, 'end')
    expect(received()).toContain('the query parameter appkey is missing')
  })

  it('has the same body limit as other requests', async () => {
    const { emulator } = await setUp()
    const { received } = await raw(emulator, offer(2 ** 21, 'Upgrade'), 'x'.repeat(2 ** 21))
    await expect.poll(received).toContain('the body is larger than 1048576 bytes')
  })
})

it('a half-open connection after a refusal does not keep the emulator open', async () => {
  const { emulator } = await setUp()
  const upgrade = [
    'GET /nowhere HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    '',
    '',
  ].join('\r\n')
  const { received } = await raw(emulator, upgrade)
  await expect.poll(received).toContain('HTTP/1.1 404')
  await emulator.close()
})
