import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { IvhSessionError, IvhTransportError } from '../errors'
import { heard, openTestSession } from '../testing/open-test-session'
import { createScriptedSockets, type ScriptedSocket, speaker } from '../testing/scripted-sockets'
import { rejection } from '../testing/test-client'
import { createVirtualClock } from '../testing/virtual-clock'

const status = (ReqId: string | undefined, SpeakStatus: string) => ({
  Type: 3,
  ReqId,
  SpeakStatus,
  Seq: 0,
})

describe('the command channel', () => {
  it('opens on first use, at an address that is signed for the SessionId', async () => {
    const { session, clock, service } = await openTestSession({
      client: { baseUrl: 'http://gateway.test/prefix' },
    })
    expect(service.sockets).toEqual([])
    expect(session.channelState).toBe('idle')
    const connected = session.connect()
    await clock.advance(2)
    await connected
    expect(session.channelState).toBe('open')
    const url = new URL(service.last.url)
    expect(`${url.origin}${url.pathname}`).toBe(
      'ws://gateway.test/prefix/v2/ws/ivh/interactdriver/interactdriverservice/commandchannel',
    )
    expect(url.searchParams.get('requestid')).toBe(session.id)
    expect(url.searchParams.get('signature')).toMatch(/=$/)
    await session.connect()
    expect(service.sockets).toHaveLength(1)
  })

  it('opens in the background with open: auto', async () => {
    const { session } = await openTestSession({ open: { channel: { open: 'auto' } } })
    expect(session.channelState).toBe('open')
  })

  it('C3: sends a heartbeat every 45 s for a silent hour', async () => {
    const { session, clock, service } = await openTestSession({
      open: { channel: { open: 'auto' } },
    })
    let beats = 0
    session.addEventListener('heartbeat', () => beats++)
    await clock.advance(60 * 60_000)
    expect(beats).toBe(80)
    const sent = service.last.sent.map(({ Command, Data }) => ({ Command, Data }))
    expect(sent).toHaveLength(80)
    expect(sent[0]).toEqual({ Command: 'SEND_HEARTBEAT', Data: { Text: 'PING' } })
  })

  it('C4: reports a missed heartbeat', async () => {
    const { session, clock, service } = await openTestSession({
      open: { channel: { giveUpAfterMs: 600_000 } },
      accepts: (count) => count === 1,
    })
    void session.connect()
    await clock.advance(10_000)
    const missed: unknown[] = []
    session.addEventListener('heartbeat-missed', ({ detail }) => missed.push(detail.error))
    service.last.drop()
    await clock.advance(50_000)
    expect(missed).toHaveLength(1)
    expect(missed[0]).toBeInstanceOf(IvhTransportError)
  })

  it('replaces a stuck connection', async () => {
    const { session, clock, service } = await openTestSession({
      open: { channel: { open: 'auto' } },
    })
    service.last.bufferedAmount = 100
    const told: string[] = []
    for (const type of ['reconnecting', 'heartbeat-missed'] as const) {
      session.addEventListener(type, ({ detail }) => told.push(detail.error.message))
    }
    await clock.advance(95_000)
    expect(told).toEqual([
      expect.stringContaining('was lost: it is stuck, no sent byte leaves'),
      expect.stringContaining('the command channel is not open'),
    ])
    expect(service.sockets).toHaveLength(2)
    expect(session.channelState).toBe('open')
  })

  it('keeps a connection whose buffer empties slowly', async () => {
    const { clock, service } = await openTestSession({ open: { channel: { open: 'auto' } } })
    service.last.bufferedAmount = 1_000
    await clock.advance(50_000)
    service.last.bufferedAmount = 500
    await clock.advance(45_000)
    expect(service.sockets).toHaveLength(1)
  })

  it('keeps a connection whose buffer is full at every heartbeat but empties in between', async () => {
    const { session, clock, service } = await openTestSession({
      open: { channel: { open: 'auto' } },
    })
    service.last.bufferedAmount = 30_000
    await clock.advance(45_000)
    for (let beat = 0; beat < 4; beat++) {
      service.last.bufferedAmount = 1_000
      session.say('Hello')
      await clock.advance(5_000)
      service.last.bufferedAmount = 30_000
      await clock.advance(40_000)
    }
    expect(service.commands).toHaveLength(4)
    expect(service.sockets).toHaveLength(1)
  })

  it('tries again after it gave up, even without a use, when open is auto', async () => {
    let accepting = false
    const { session, clock } = await openTestSession({
      open: { channel: { open: 'auto', giveUpAfterMs: 5_000 } },
      accepts: () => accepting,
    })
    await clock.advance(10_000)
    expect(session.channelState).toBe('down')
    accepting = true
    await clock.advance(50_000)
    expect(session.channelState).toBe('open')
  })

  it('waits while the buffer of the socket is full', async () => {
    const { session, clock, service } = await openTestSession()
    void session.connect()
    await clock.advance(5)
    service.last.bufferedAmount = 100_000
    session.say('Hello')
    await clock.advance(1_000)
    expect(service.commands).toEqual([])
    service.last.bufferedAmount = 0
    await clock.advance(20)
    expect(service.commands).toHaveLength(1)
  })

  it('C5: reconnects after a loss, with the same session', async () => {
    const { session, clock, service } = await openTestSession()
    const events = heard(session)
    void session.connect()
    await clock.advance(10_000)
    service.last.drop()
    expect(session.channelState).toBe('reconnecting')
    await clock.advance(300)
    expect(session.channelState).toBe('open')
    expect(events).toEqual(['ready', 'reconnecting', 'ready'])
    expect(service.sockets).toHaveLength(2)
  })

  it('reports in ready whether it has reconnected', async () => {
    const { session, clock, service } = await openTestSession()
    const flags: boolean[] = []
    session.addEventListener('ready', ({ detail }) => flags.push(detail.reconnected))
    void session.connect()
    await clock.advance(10_000)
    service.last.drop()
    await clock.advance(300)
    expect(flags).toEqual([false, true])
  })

  it('closes a WebSocket that the factory returns after the timeout of its attempt', async () => {
    const clock = createVirtualClock()
    const sockets = createScriptedSockets(clock)
    const { session } = await openTestSession({
      clock,
      open: { channel: { connectTimeoutMs: 1_000, giveUpAfterMs: 1_500 } },
      client: {
        webSocket: async (url) => {
          await new Promise<void>((resolve) => clock.after(2_000, resolve))
          return sockets.webSocket(url)
        },
      },
    })
    const names = heard(session)
    const failed = rejection(session.connect())
    await clock.advance(10_000)
    expect(await failed).toMatchObject({ kind: 'timeout', timeoutMs: 1_000 })
    expect(sockets.sockets.length).toBeGreaterThan(0)
    expect(sockets.sockets.every(({ closed }) => closed)).toBe(true)
    expect(names).not.toContain('ready')
  })

  it('gives up after refused connections, keeps the session usable, and tries again with the next use', async () => {
    let accepting = false
    const { session, clock, service } = await openTestSession({ accepts: () => accepting })
    const events = heard(session)
    const refused = rejection(session.connect())
    await clock.advance(70_000)
    expect(await refused).toBeInstanceOf(IvhTransportError)
    expect(String(await refused)).not.toMatch(/signature=[^[]/)
    expect(session.state).toBe('open')
    expect(session.channelState).toBe('down')
    const tries = service.sockets.length
    expect(tries).toBeGreaterThan(5)
    expect(events.at(-1)).toBe('disconnected')
    await clock.advance(600_000)
    expect(service.sockets).toHaveLength(tries)
    accepting = true
    const handle = session.say('again')
    await clock.advance(20_000)
    expect(await handle.finished).toEqual({ interrupted: false })
  })

  it('gives up on a gateway that drops every connection at once', async () => {
    const { session, clock, service } = await openTestSession()
    session.addEventListener('ready', () => clock.after(1, () => service.last.drop()))
    void session.connect()
    await clock.advance(600_000)
    expect(session.channelState).toBe('down')
    expect(service.sockets.length).toBeLessThan(30)
  })

  it('renews its budget once for a short connection after a long outage', async () => {
    let accepting = true
    const { session, clock, service } = await openTestSession({ accepts: () => accepting })
    void session.connect()
    await clock.advance(10_000)
    accepting = false
    service.last.drop()
    await clock.advance(48_000)
    expect(session.channelState).toBe('reconnecting')
    accepting = true
    for (let ms = 0; session.channelState !== 'open' && ms < 12_000; ms += 100) {
      await clock.advance(100)
    }
    expect(session.channelState).toBe('open')
    await clock.advance(4_500)
    service.last.drop()
    await clock.advance(12_000)
    expect(session.channelState).toBe('open')
  })

  it('reconnects while statsession hangs', async () => {
    let out = false
    const { session, clock, service, transport } = await openTestSession({
      accepts: () => !out,
      script: { latencyMs: (endpoint) => (out && endpoint === 'statsession' ? 600_000 : 0) },
    })
    void session.connect()
    await clock.advance(10_000)
    const asked = () => transport.endpoints().filter((name) => name === 'statsession').length
    const before = asked()
    out = true
    service.last.drop()
    await clock.advance(2_000)
    expect(asked()).toBe(before + 1)
    out = false
    await clock.advance(3_000)
    expect(session.channelState).toBe('open')
    const closing = session.close()
    await clock.advance(10)
    await closing
    expect(clock.pending).toBe(0)
  })

  it.each([
    ['heartbeat-missed', ['reconnecting', 'heartbeat-missed', 'closed: requested']],
    ['reconnecting', ['reconnecting', 'closed: requested']],
  ] as const)('can be closed by a listener of %s while it is stuck', async (type, told) => {
    const { session, clock, service } = await openTestSession({
      open: { channel: { open: 'auto' } },
    })
    const events = heard(session)
    session.addEventListener('heartbeat-missed', () => events.push('heartbeat-missed'))
    session.addEventListener(type, () => void session.close())
    service.last.bufferedAmount = 100
    await clock.advance(95_000)
    expect(events).toEqual(told)
    expect(session.channelState).toBe('closed')
    expect(service.sockets).toHaveLength(1)
  })

  it.each([
    [110013, 'ended'],
    [110018, 'unknown'],
    [110022, 'replaced'],
    [110014, 'not-ready'],
  ])('reports the close reason for code %i: %s', async (code, reason) => {
    const { session, clock, service, ivh, transport } = await openTestSession()
    const events = heard(session)
    const handle = session.say('Hello')
    await clock.advance(20)
    service.last.tell({ Type: 9, ReqId: '' }, { Code: code, Message: 'gone', RequestID: 'gz9' })
    await clock.advance(10)
    const error = await rejection(handle.finished)
    expect(error).toBeInstanceOf(IvhSessionError)
    expect(error).toMatchObject({ code, requestId: 'gz9', sessionId: session.id })
    expect(events.at(-1)).toBe(`closed: ${reason}`)
    expect(session.state).toBe('closed')
    expect(ivh.sessions.list).toEqual([])
    const closes = transport.endpoints().filter((name) => name === 'closesession')
    // For any other code no closesession is sent: the service has closed the session itself.
    expect(closes).toHaveLength(code === 110014 ? 1 : 0)
    await session.close()
    await clock.advance(120_000)
    expect(service.sockets).toHaveLength(1)
  })

  it('asks statsession for the reason when its connection is refused', async () => {
    let over = false
    const { session, clock, service } = await openTestSession({
      accepts: () => !over,
      script: {
        script: {
          statsession: () =>
            over
              ? { payload: { SessionStatus: 2, CloseType: 2, IsSessionStarted: true } }
              : undefined,
        },
      },
    })
    const events = heard(session)
    void session.connect()
    await clock.advance(10_000)
    over = true
    service.last.drop()
    await clock.advance(1_000)
    expect(events.at(-1)).toBe('closed: idle')
  })

  it('C8: leaves no timer, listener or socket after a close', async () => {
    const { session, clock, service } = await openTestSession({ obey: () => {} })
    const idle = clock.pending
    void session.connect()
    const first = session.say('Hello')
    session.sendAudio((async function* () {})())
    await clock.advance(20)
    service.last.drop()
    await clock.advance(500)
    const closing = session.close()
    await clock.advance(10)
    await closing
    expect(await rejection(first.finished)).toBeInstanceOf(IvhSessionError)
    expect(clock.pending).toBe(idle)
    for (const socket of service.sockets) {
      expect(socket.closed).toBe(true)
      expect(socket.listenerCount).toBe(0)
    }
  })

  it('can be closed while it opens', async () => {
    const { session, clock, service } = await openTestSession()
    const connecting = rejection(session.connect())
    const closing = session.close()
    await clock.advance(10)
    await closing
    expect(await connecting).toBeInstanceOf(IvhSessionError)
    await clock.advance(60_000)
    expect(service.sockets.every(({ closed }) => closed)).toBe(true)
    expect(clock.pending).toBe(0)
  })

  it('reconnects when a listener of ready loses the connection', async () => {
    const { session, clock, service } = await openTestSession()
    session.addEventListener('ready', () => service.last.drop(), { once: true })
    const connected = session.connect()
    await clock.advance(5_000)
    await connected
    expect(session.channelState).toBe('open')
    expect(service.sockets).toHaveLength(2)
  })

  it('accepts a WebSocket that is already open', async () => {
    const clock = createVirtualClock()
    const sockets = createScriptedSockets(clock, { obey: speaker(clock, 1_000) })
    const { session } = await openTestSession({
      clock,
      client: {
        webSocket: async (url) => {
          const socket = await sockets.webSocket(url)
          await new Promise<void>((resolve) => socket.addEventListener('open', () => resolve()))
          return Object.assign(socket, { readyState: 1 })
        },
      },
    })
    const names = heard(session)
    const handle = session.say('Hello')
    await clock.advance(2_000)
    expect(await handle.finished).toEqual({ interrupted: false })
    expect(names).toEqual(['ready', 'speaking', 'idle'])
  })

  it('ignores unreadable messages', async () => {
    const { session, clock, service, lines } = await openTestSession()
    void session.connect()
    await clock.advance(5)
    service.last.emit({ type: 'message', data: 'no json' })
    service.last.emit({ type: 'message', data: new Uint8Array(3) })
    expect(lines.join()).toMatch(/unreadable/)
    expect(session.channelState).toBe('open')
  })
})

describe('a dead connection', () => {
  const pong = (socket: ScriptedSocket) => socket.emit({ type: 'pong' })
  const auto = { open: { channel: { open: 'auto' } } } as const

  it('is replaced when it answered a ping before and a later ping gets no answer', async () => {
    let dead = false
    const { session, clock, service } = await openTestSession({
      ...auto,
      pinged: (socket) => dead || pong(socket),
    })
    const errors: string[] = []
    session.addEventListener('reconnecting', ({ detail }) => errors.push(detail.error.message))
    await clock.advance(44_000)
    dead = true
    await clock.advance(14_000)
    expect(service.sockets).toHaveLength(1)
    dead = false
    await clock.advance(2_500)
    expect(service.sockets).toHaveLength(2)
    expect(session.channelState).toBe('open')
    expect(errors).toEqual([expect.stringContaining('a ping was not answered within 15000 ms')])
    await clock.advance(600_000)
    expect(service.sockets).toHaveLength(2)
  })

  it('does not count as dead while messages arrive', async () => {
    let pings = 0
    const { clock, service } = await openTestSession({
      ...auto,
      pinged: (socket) => {
        pings += 1
        if (pings === 1) pong(socket)
        else clock.after(14_000, () => socket.tell({ Type: 1 }))
      },
    })
    await clock.advance(300_000)
    expect(pings).toBeGreaterThan(5)
    expect(service.sockets).toHaveLength(1)
  })

  it('does not count as dead because a gateway answers no pings', async () => {
    const { session, clock, service } = await openTestSession({ ...auto, pinged: () => {} })
    await clock.advance(3_600_000)
    session.say('Hello')
    await clock.advance(60_000)
    expect(service.sockets).toHaveLength(1)
  })

  it.each([
    ['answers no pings', { pinged: () => {} }],
    ['cannot be pinged', {}],
  ])('is replaced when a command gets no answer and the connection %s', async (_name, pinging) => {
    let dead = true
    const { session, clock, service } = await openTestSession({
      ...pinging,
      obey: (command, socket) => {
        if (!dead) speaker(clock, 1_000)(command, socket)
      },
    })
    const first = rejection(session.say('Hello').finished)
    await clock.advance(31_000)
    expect(await first).toMatchObject({ kind: 'timeout' })
    expect(service.sockets).toHaveLength(2)
    dead = false
    const second = session.say('Hello again')
    await clock.advance(5_000)
    expect(await second.finished).toEqual({ interrupted: false })
  })

  it('does not count as dead when a command gets no answer but a ping does', async () => {
    const { session, clock, service } = await openTestSession({ pinged: pong, obey: () => {} })
    const first = rejection(session.say('Hello').finished)
    await clock.advance(60_000)
    expect(await first).toMatchObject({ kind: 'timeout' })
    expect(service.sockets).toHaveLength(1)
  })

  it('is detected over a real socket whose other end reads nothing', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const client = { baseUrl: `http://127.0.0.1:${port}`, webSocket: undefined }
    // Send a message after each pong: its arrival shows that the pong has arrived.
    server.on('connection', (peer) => peer.on('ping', () => peer.send('{"Header":{"Code":0}}')))
    const { session, clock, ivh } = await openTestSession({ client })
    const answered = new Promise((resolve) => session.addEventListener('message', resolve))
    await session.connect()
    await answered
    for (const peer of server.clients) peer.pause()
    await clock.advance(44_000 + 15_000)
    expect(session.channelState).toBe('open')
    const errors: string[] = []
    session.addEventListener('reconnecting', ({ detail }) => errors.push(detail.error.message))
    await clock.advance(2_000)
    expect(errors[0]).toContain('a ping was not answered')
    for (const peer of server.clients) peer.terminate()
    server.close()
    const closing = ivh.close()
    await clock.drain()
    await closing
  })
})

describe('C22: an utterance whose connection is lost', () => {
  const silent = { obey: () => {} }

  it('is sent again with its ReqId when the service reports nothing about it', async () => {
    const { session, clock, service } = await openTestSession(silent)
    const handle = session.say('Hello')
    await clock.advance(5)
    service.last.drop()
    await clock.advance(1_500)
    expect(service.commands).toHaveLength(1)
    await clock.advance(1_500)
    expect(service.commands).toHaveLength(2)
    const [first, second] = service.commands
    expect(second?.ReqId).toBe(first?.ReqId)
    service.last.tell(status(first?.ReqId, 'TextStart'))
    service.last.tell(status(first?.ReqId, 'TextOver'))
    expect(await handle.finished).toEqual({ interrupted: false })
  })

  it('is not sent again when the service repeats its events', async () => {
    const { session, clock, service } = await openTestSession(silent)
    const handle = session.say('Hello')
    await clock.advance(5)
    service.last.drop()
    await clock.advance(300)
    const ReqId = service.commands[0]?.ReqId
    service.last.tell(status(ReqId, 'TextStart'))
    await clock.advance(10_000)
    expect(service.commands).toHaveLength(1)
    service.last.tell(status(ReqId, 'TextOver'))
    expect(await handle.finished).toEqual({ interrupted: false })
  })

  it('reports each event once, however often the service repeats it', async () => {
    const { session, clock, service } = await openTestSession(silent)
    const steps: (string | undefined)[] = []
    session.say('Hello', { onProgress: ({ speakStatus }) => steps.push(speakStatus) })
    await clock.advance(5)
    const ReqId = service.commands[0]?.ReqId
    service.last.tell(status(ReqId, 'TextStart'))
    for (let loss = 0; loss < 2; loss++) {
      await clock.advance(10_000)
      service.last.drop()
      await clock.advance(300)
      service.last.tell(status(ReqId, 'TextStart'))
    }
    service.last.tell(status(ReqId, 'TextOver'))
    await clock.advance(1)
    expect(steps).toEqual(['TextStart', 'TextOver'])
    expect(service.commands).toHaveLength(1)
  })

  it('ends according to SpeakStatus when it had begun and its events are not repeated', async () => {
    const { session, clock, service } = await openTestSession({
      ...silent,
      script: {
        script: {
          statsession: ({ count }) =>
            count > 1
              ? { payload: { SessionStatus: 1, IsSessionStarted: true, SpeakStatus: 'TextOver' } }
              : undefined,
        },
      },
    })
    const handle = session.say('Hello')
    await clock.advance(5)
    service.last.tell(status(service.commands[0]?.ReqId, 'TextStart'))
    await clock.advance(10_000)
    service.last.drop()
    await clock.advance(3_000)
    expect(await handle.finished).toEqual({ interrupted: false })
    expect(service.commands).toHaveLength(1)
  })

  it('waits for the connection and is sent once when it was not sent before', async () => {
    const { session, clock, service } = await openTestSession({ accepts: (count) => count > 2 })
    const handle = session.say('Hello')
    await clock.advance(10_000)
    expect(await handle.finished).toEqual({ interrupted: false })
    expect(service.commands).toHaveLength(1)
  })
})

describe('the events of a session', () => {
  it('can be read in a loop that ends with closed', async () => {
    const { session, clock } = await openTestSession()
    const types: string[] = []
    const reading = (async () => {
      for await (const { type } of session) if (type !== 'message') types.push(type)
    })()
    session.say('Hello')
    await clock.advance(3_000)
    const closing = session.close()
    await clock.advance(5)
    await closing
    await reading
    expect(types).toEqual(['ready', 'speaking', 'idle', 'closed'])
  })
})
