import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createEmulator, type Emulator, type EmulatorOptions } from '../create-emulator'
import { handSigned, paths, reqId } from '../testing/account'
import { channelUrl, id } from '../testing/channel'

const emulators: Emulator[] = []
afterEach(async () => {
  for (const emulator of emulators.splice(0)) await emulator.close()
})

async function setUp(options: EmulatorOptions = {}) {
  const emulator = await createEmulator({ prepareMs: 0, speechDelayMs: 0, ...options })
  emulators.push(emulator)
  const call = async (path: string, payload: object) => {
    const text = `appkey=emulator-appkey&timestamp=${Math.floor(Date.now() / 1000)}`
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
    channelUrl(Date.now(), requestId).replace('http://emulator.test', emulator.url)
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
        states.push(JSON.parse(data.toString()).Payload.SpeakStatus)
        if (states.at(-1) === 'TextOver') resolve()
      })
    })
    await once(socket, 'open')
    socket.send(uplink(SessionId, 'a'))
    await over
    expect(states).toEqual(['WaitingTextStart', 'TextStart', 'WaitingTextOver', 'TextOver'])
    socket.terminate()
  })

  it('answers a refused upgrade by HTTP with the reason', async () => {
    const { url } = await setUp()
    const socket = new WebSocket(url('m1'))
    socket.on('error', () => {})
    const [, response] = await once(socket, 'unexpected-response')
    expect(response.statusCode).toBe(404)
    const chunks: Buffer[] = []
    for await (const chunk of response) chunks.push(chunk)
    expect(JSON.parse(Buffer.concat(chunks).toString()).Header).toMatchObject({
      Code: 110018,
      Message: expect.stringContaining('requestid must be the SessionId'),
    })
  })

  it('says why it closes, and frees the place when the client goes', async () => {
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

  it('is cut by a restart that keeps the sessions, and comes back', async () => {
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

  it('does not keep the emulator from closing', async () => {
    const { emulator, url } = await setUp()
    const socket = new WebSocket(url())
    await once(socket, 'open')
    const closed = once(socket, 'close')
    await emulator.close()
    await closed
  })
})
