import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net'
import fc from 'fast-check'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { createDeferred } from '../../async/deferred'
import { createCertificate } from '../../testing/certificate'
import { closePayload, serverFrame } from '../../testing/server-frames'
import { createTunnel } from '../../testing/tunnel'
import { createVirtualClock } from '../../testing/virtual-clock'
import { openingWebSockets } from './open-web-socket'
import { WebSocketClient } from './web-socket-client'
import type { WebSocketEvent, WebSocketLike } from './web-socket-like'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function listen(server: NetServer): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closers.push(() => server.close())
  return (server.address() as AddressInfo).port
}

/** A client with a record of its events. */
function open(url: string, dispatcher: Dispatcher = new Agent()) {
  const clock = createVirtualClock()
  const socket: WebSocketLike = new WebSocketClient({
    url,
    dispatcher,
    clock,
    maxMessageBytes: 100_000,
  })
  const events: WebSocketEvent[] = []
  for (const type of ['open', 'message', 'error', 'close', 'drain', 'pong'] as const) {
    socket.addEventListener(type, (event) => events.push(event))
  }
  closers.push(() => dispatcher.destroy())
  closers.push(() => clock.drain())
  closers.push(() => socket.close())
  const until = async (type: string, count = 1) => {
    await expect.poll(() => events.filter((event) => event.type === type).length).toBe(count)
    return events.filter((event) => event.type === type).at(-1) ?? expect.fail(`no ${type}`)
  }
  const types = () => events.map(({ type }) => type)
  return { clock, events, socket, types, until }
}

/** A server of the `ws` package: another hand's reading of RFC 6455. */
async function serve(server: Server | ReturnType<typeof createHttpsServer> = createHttpServer()) {
  const port = await listen(server)
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  const texts: string[] = []
  const peers: WebSocket[] = []
  sockets.on('connection', (peer) => {
    peers.push(peer)
    peer.on('message', (data, isBinary) => texts.push(isBinary ? 'binary' : String(data)))
  })
  closers.push(() => {
    for (const peer of peers) peer.terminate()
  })
  const peer = async () => {
    await expect.poll(() => peers.length).toBeGreaterThan(0)
    return peers[0] ?? expect.fail('nobody came')
  }
  return {
    url: `ws://127.0.0.1:${port}/channel?requestid=s1&signature=x`,
    port,
    texts,
    peer,
    sockets,
  }
}

/** A server that takes the upgrade and then sends what the test wants. */
async function serveRaw(answer?: (accept: string) => string) {
  const connected = createDeferred<Socket>()
  let read = Buffer.alloc(0)
  const port = await listen(
    createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', (head) => {
        const [, key = ''] = /sec-websocket-key: (.*)\r\n/i.exec(head.toString('latin1')) ?? []
        const accept = createHash('sha1')
          .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
          .digest('base64')
        const ordinary = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`
        socket.write(answer?.(accept) ?? ordinary, 'latin1')
        socket.on('data', (chunk) => (read = Buffer.concat([read, chunk])))
        connected.resolve(socket)
      })
      closers.push(() => socket.destroy())
    }),
  )
  return { url: `ws://127.0.0.1:${port}/`, connected: connected.promise, read: () => read }
}

describe('a WebSocket of the kit', () => {
  it('asks as RFC 6455 wants it', async () => {
    const { url, sockets } = await serve()
    const asked = once(sockets, 'connection')
    const { until } = open(url)
    await until('open')
    const [, request] = await asked
    expect(request.url).toBe('/channel?requestid=s1&signature=x')
    expect(request.headers).toMatchObject({ upgrade: 'websocket', 'sec-websocket-version': '13' })
    expect(Buffer.from(request.headers['sec-websocket-key'], 'base64')).toHaveLength(16)
    expect(request.headers).not.toHaveProperty('sec-websocket-extensions')
  })

  it('sends texts of any length and script, in order, that another hand reads', async () => {
    const { url, texts } = await serve()
    const { socket, until } = open(url)
    await until('open')
    const lengths = [0, 1, 41, 42, 125, 126, 21_845, 21_846, 65_535, 65_536, 200_000]
    const sent = ['a', 'é', '数', '\u{1F44B}'].flatMap((unit) =>
      lengths.map((length) =>
        unit.repeat(Math.ceil(length / unit.length)).slice(0, length + (length % unit.length)),
      ),
    )
    for (const text of sent) socket.send(text)
    await expect.poll(() => texts.length).toBe(sent.length)
    expect(texts).toEqual(sent)
  })

  it('sends what fast-check comes up with, in bursts', async () => {
    const { url, texts } = await serve()
    const { socket, until } = open(url)
    await until('open')
    const text = fc.string({ unit: 'grapheme', maxLength: 400 })
    const burst = fc.array(
      fc.oneof(
        text,
        text.map((some) => some.repeat(60)),
      ),
      { maxLength: 30 },
    )
    await fc.assert(
      fc.asyncProperty(burst, async (sent) => {
        texts.length = 0
        for (const one of sent) socket.send(one)
        await expect.poll(() => texts.length, { interval: 1 }).toBe(sent.length)
        expect(texts).toEqual(sent)
      }),
      { numRuns: 60 },
    )
  })

  it('keeps the frames of connections apart that send in turn', async () => {
    const ends = await Promise.all(
      [1, 2, 3].map(async (name) => {
        const { texts, url } = await serve()
        const { socket, until } = open(url)
        await until('open')
        return { name, socket, texts }
      }),
    )
    const text = (name: number, index: number) =>
      `${name}-${index} `.repeat(1 + ((index * 97) % 900))
    for (let index = 0; index < 300; index++) {
      for (const { name, socket } of ends) socket.send(text(name, index))
      // Sometimes all of it leaves in between, sometimes it piles up.
      if (index % 7 === 0) await new Promise(setImmediate)
      const quiet = () => ends.every(({ socket }) => socket.bufferedAmount === 0)
      if (index % 50 === 0) await expect.poll(quiet, { interval: 1 }).toBe(true)
    }
    for (const { name, texts } of ends) {
      await expect.poll(() => texts.length).toBe(300)
      expect(texts).toEqual(Array.from({ length: 300 }, (_, index) => text(name, index)))
    }
  })

  it('reads texts and bytes, whole and in fragments', async () => {
    const { url, peer } = await serve()
    const { events, until } = open(url)
    const other = await peer()
    other.send('你好')
    other.send('frag', { fin: false })
    other.send('ments', { fin: true })
    other.send(Buffer.from([1, 2]))
    other.send('x'.repeat(99_000))
    await until('message', 4)
    const data = events.filter(({ type }) => type === 'message').map((event) => event.data)
    expect(data.slice(0, 2)).toEqual(['你好', 'fragments'])
    expect(data[2]).toEqual(Buffer.from([1, 2]))
    expect(data[3]).toHaveLength(99_000)
  })

  it('answers a ping with what it brings', async () => {
    const { url, peer } = await serve()
    open(url)
    const other = await peer()
    const ponged = once(other, 'pong')
    other.ping('are you there?')
    expect(String((await ponged)[0])).toBe('are you there?')
  })

  it('tells that its ping was answered', async () => {
    const { url } = await serve()
    const { socket, types, until } = open(url)
    socket.ping?.()
    await until('open')
    expect(types()).toEqual(['open'])
    socket.ping?.()
    await until('pong')
    expect(types()).toEqual(['open', 'pong'])
    socket.close()
    socket.ping?.()
    await until('close')
    expect(types()).toEqual(['open', 'pong', 'close'])
  })

  it('goes through TLS', async () => {
    const certificate = await createCertificate()
    const { port, texts } = await serve(createHttpsServer(certificate))
    const dispatcher = new Agent({ connect: { ca: certificate.cert } })
    const { socket, until } = open(`wss://127.0.0.1:${port}/`, dispatcher)
    await until('open')
    for (let index = 0; index < 50; index++) socket.send(`${index} `.repeat(500))
    await expect.poll(() => texts.length).toBe(50)
    expect(texts[49]).toBe('49 '.repeat(500))
  })

  it('refuses a certificate that nobody vouches for', async () => {
    const { port } = await serve(createHttpsServer(await createCertificate()))
    const { until, types } = open(`wss://127.0.0.1:${port}/`)
    expect(String((await until('error')).error)).toMatch(/self.signed/)
    expect(types()).toEqual(['error', 'close'])
  })

  it('goes through a proxy', async () => {
    const { url, port, texts } = await serve()
    const { server, asked } = createTunnel()
    const proxy = await listen(server)
    const dispatcher = new ProxyAgent(`http://127.0.0.1:${proxy}`)
    const { socket, until } = open(url, dispatcher)
    await until('open')
    socket.send('through')
    await expect.poll(() => texts).toEqual(['through'])
    expect(asked).toEqual([`127.0.0.1:${port}`])
  })

  it('tells how much has not left, and when it has', async () => {
    const { url, connected } = await serveRaw()
    const { events, socket, until } = open(url)
    await until('open')
    const peer = await connected
    peer.pause()
    const part = 'x'.repeat(60_000)
    for (let sent = 0; socket.bufferedAmount < 1_000_000 && sent < 1_000; sent++) socket.send(part)
    expect(socket.bufferedAmount).toBeGreaterThan(1_000_000)
    expect(events.some(({ type }) => type === 'drain')).toBe(false)
    peer.resume()
    await until('drain')
    expect(socket.bufferedAmount).toBe(0)
  })

  it('counts what waits for the end of the tick as not left', async () => {
    const { url } = await serve()
    const { socket, until } = open(url)
    await until('open')
    socket.send('x'.repeat(100))
    expect(socket.bufferedAmount).toBe(106)
  })

  it('masks each frame with a key of its own', async () => {
    const { url, read } = await serveRaw()
    const { socket, until } = open(url)
    await until('open')
    for (let index = 0; index < 4; index++) socket.send('same')
    await expect.poll(() => read().length).toBe(40)
    const frames = [0, 10, 20, 30].map((at) => read().subarray(at, at + 10))
    expect(frames.map(([first, second]) => [first, second])).toEqual(Array(4).fill([0x81, 0x84]))
    expect(new Set(frames.map((frame) => frame.toString('hex', 2, 6))).size).toBe(4)
  })

  it('refuses to send before it is open and after it is closed', async () => {
    const { url } = await serve()
    const { clock, socket, until } = open(url)
    expect(() => socket.send('early')).toThrow('not open')
    await until('open')
    socket.close()
    expect(() => socket.send('late')).toThrow('not open')
    await until('close')
    expect(clock.pending).toBe(0)
  })
})

describe('a WebSocket of the kit ends', () => {
  it('when it is closed: the other end is told why', async () => {
    const { url, peer, texts } = await serve()
    const { socket, types, until } = open(url)
    await until('open')
    const closed = once(await peer(), 'close')
    socket.send('last words')
    socket.close(1000, 'done')
    const [code, reason] = await closed
    expect([code, String(reason)]).toEqual([1000, 'done'])
    expect(texts).toEqual(['last words'])
    await until('close')
    expect(types()).toEqual(['open', 'close'])
  })

  it('with a reason that is cut to what a frame holds, no character in two', async () => {
    const { url, peer } = await serve()
    const { socket, until } = open(url)
    await until('open')
    const closed = once(await peer(), 'close')
    socket.close(4000, '数'.repeat(60))
    expect(String((await closed)[1])).toBe('数'.repeat(41))
  })

  it('when the other end closes it', async () => {
    const { url, peer } = await serve()
    const { until, types } = open(url)
    const other = await peer()
    const closed = once(other, 'close')
    other.close(4001, 'session ended')
    expect(await until('close')).toEqual({ type: 'close', code: 4001, reason: 'session ended' })
    expect(types()).toEqual(['open', 'close'])
    expect((await closed)[0]).toBe(4001)
  })

  it.each([
    ['breaks off', (peer: Socket) => peer.resetAndDestroy(), 1006],
    ['ends without a word', (peer: Socket) => peer.end(), 1006],
    ['says nothing but close', (peer: Socket) => peer.write(serverFrame({ opcode: 8 })), 1005],
  ])('when the other end %s', async (_name, end, code) => {
    const { url, connected } = await serveRaw()
    const { until } = open(url)
    await until('open')
    end(await connected)
    expect((await until('close')).code).toBe(code)
  })

  it('when the other end ends a connection that would stay half open', async () => {
    const { url, connected } = await serveRaw()
    const { until } = open(url, new Agent({ connect: { allowHalfOpen: true } }))
    await until('open')
    const peer = await connected
    peer.end()
    expect((await until('close')).code).toBe(1006)
    await expect.poll(() => peer.destroyed).toBe(true)
  })

  it('after five seconds, when a close is not answered', async () => {
    const { url, connected } = await serveRaw()
    const { clock, socket, types, until } = open(url)
    await until('open')
    await connected
    socket.close()
    await clock.advance(4_999)
    expect(types()).toEqual(['open'])
    await clock.advance(1)
    expect(types()).toEqual(['open', 'close'])
    expect(clock.pending).toBe(0)
  })

  it('and a message that comes while it closes is not told', async () => {
    const { url, connected } = await serveRaw()
    const { socket, types, until } = open(url)
    await until('open')
    const peer = await connected
    socket.close()
    peer.write(serverFrame({ opcode: 1, payload: 'late' }))
    peer.write(serverFrame({ opcode: 8, payload: closePayload(1000) }))
    await until('close')
    expect(types()).toEqual(['open', 'close'])
  })

  it.each([
    ['a frame that breaks the protocol', serverFrame({ opcode: 3 }), 1002],
    ['a message over the limit', serverFrame({ opcode: 1, saidLength: 2n ** 40n }), 1009],
    ['text that is no text', serverFrame({ opcode: 1, payload: Uint8Array.of(0xff) }), 1007],
  ])('at %s, and says so', async (_name, frame, code) => {
    const { url, connected, read } = await serveRaw()
    const { types, until } = open(url)
    await until('open')
    const peer = await connected
    peer.write(frame)
    expect(String((await until('error')).error)).toContain('The server broke the protocol')
    await until('close')
    expect(types()).toEqual(['open', 'error', 'close'])
    const told = read()
    expect(told[0]).toBe(0x88)
    const [a = 0, b = 0] = [told[2], told[3]]
    expect(((told[6] ?? 0) ^ a) * 256 + ((told[7] ?? 0) ^ b)).toBe(code)
  })

  it('with the code of the violation, though who hears of the error closes it', async () => {
    const { url, peer } = await serve()
    const { socket } = open(url)
    socket.addEventListener('error', () => socket.close(1000, 'done'))
    const other = await peer()
    const closed = once(other, 'close')
    other.send('x'.repeat(100_001))
    expect((await closed)[0]).toBe(1009)
  })

  it('answers no more pings once nobody reads the answers', async () => {
    const { url, connected } = await serveRaw()
    const { socket, until } = open(url)
    await until('open')
    const peer = await connected
    const pings = Buffer.concat(
      Array.from({ length: 2_000 }, () => serverFrame({ opcode: 9, payload: 'x'.repeat(125) })),
    )
    peer.pause()
    let written = 0
    const pump = () => {
      while (written < 200 && peer.write(pings)) written += 1
    }
    peer.on('drain', () => {
      written += 1
      pump()
    })
    pump()
    await expect.poll(() => written, { timeout: 20_000 }).toBe(200)
    // 50 MB of pings were asked; what waits is bounded, and the rest of it is with the system.
    expect(socket.bufferedAmount).toBeLessThan(1_100_000)
  }, 30_000)
})

describe('a WebSocket of the kit does not open', () => {
  const refusal =
    (status: number, body: string): RequestListener =>
    (_request, response) =>
      response.writeHead(status, { 'content-type': 'text/plain' }).end(body)

  it.each([
    [404, 'no such session', 'the server answered with HTTP status 404: no such session'],
    [403, '', 'the server answered with HTTP status 403'],
    [200, '<html>\n  hello', 'the server answered with HTTP status 200: <html> hello'],
  ])('when it is answered with %i', async (status, body, message) => {
    const port = await listen(createHttpServer(refusal(status, body)))
    const { types, until } = open(`ws://127.0.0.1:${port}/`)
    expect(await until('error')).toMatchObject({ error: { message }, status })
    expect(types()).toEqual(['error', 'close'])
  })

  it('when a refusal has no end: some of it is read', async () => {
    const server = createHttpServer((_request, response) => {
      response.writeHead(503)
      const more = () => {
        if (!response.destroyed) response.write('busy '.repeat(200), () => setImmediate(more))
      }
      more()
    })
    const port = await listen(server)
    const { until } = open(`ws://127.0.0.1:${port}/`)
    const { error } = await until('error')
    expect(String(error)).toContain('status 503: busy busy')
    expect(String(error).length).toBeLessThan(300)
  })

  it('when the refusal breaks off', async () => {
    const server = createHttpServer((_request, response) => {
      response.writeHead(500, { 'content-length': '100' })
      response.write('half a w', () => response.destroy())
    })
    const port = await listen(server)
    const { until } = open(`ws://127.0.0.1:${port}/`)
    expect(String((await until('error')).error)).toContain('status 500: half a w')
  })

  it.each([
    [
      'the accept value is another’s',
      (_accept: string) =>
        'Upgrade: websocket\r\nSec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n',
      /Sec-WebSocket-Accept is wrong/,
    ],
    [
      'the accept value is missing',
      () => 'Upgrade: websocket\r\n',
      /Sec-WebSocket-Accept is wrong/,
    ],
    [
      'it is upgraded to something else',
      (accept: string) => `Upgrade: h2c\r\nSec-WebSocket-Accept: ${accept}\r\n`,
      /not a WebSocket/,
    ],
    [
      'an extension is chosen that nobody offered',
      (accept: string) =>
        `Upgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Extensions: permessage-deflate\r\n`,
      /extension/,
    ],
    [
      'a subprotocol is chosen that nobody offered',
      (accept: string) =>
        `Upgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: chat\r\n`,
      /subprotocol/,
    ],
  ])('when %s', async (_name, headers, message) => {
    const { url, connected } = await serveRaw(
      (accept) =>
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n${headers(accept)}\r\n`,
    )
    const { types, until } = open(url)
    expect(String((await until('error')).error)).toMatch(message)
    expect(types()).toEqual(['error', 'close'])
    const peer = await connected
    await expect.poll(() => peer.destroyed).toBe(true)
  })

  it('when nobody listens there', async () => {
    const server = createServer()
    const port = await listen(server)
    server.close()
    const { types, until } = open(`ws://127.0.0.1:${port}/`)
    expect((await until('error')).error).toMatchObject({ code: 'ECONNREFUSED' })
    expect(types()).toEqual(['error', 'close'])
  })

  it('when its dispatcher is destroyed, and says so to who listens later', async () => {
    const dispatcher = new Agent()
    await dispatcher.destroy()
    const factory = openingWebSockets({
      dispatcher,
      clock: createVirtualClock(),
      maxMessageBytes: 100_000,
    })
    const socket = await Promise.race([factory('ws://127.0.0.1:1/')])
    const told = new Promise<WebSocketEvent>((resolve) => socket.addEventListener('error', resolve))
    expect((await told).error).toMatchObject({ code: 'UND_ERR_DESTROYED' })
  })

  it('when it is closed before: the connection is let go of', async () => {
    const sockets: Socket[] = []
    const port = await listen(
      createServer((socket) => {
        socket.on('error', () => {})
        socket.resume()
        sockets.push(socket)
      }),
    )
    const { socket, types } = open(`ws://127.0.0.1:${port}/`)
    await expect.poll(() => sockets.length).toBe(1)
    socket.close()
    expect(types()).toEqual(['close'])
    await expect.poll(() => sockets[0]?.destroyed).toBe(true)
    expect(types()).toEqual(['close'])
  })

  it('when it is closed at once: the server is not even asked', async () => {
    const { url, sockets } = await serve()
    const asked: unknown[] = []
    sockets.on('connection', (peer) => asked.push(peer))
    const dispatcher = new Agent()
    const { socket, types } = open(url, dispatcher)
    socket.close()
    expect(types()).toEqual(['close'])
    await open(url, dispatcher).until('open')
    await open(url, dispatcher).until('open')
    await expect.poll(() => asked.length).toBe(2)
    expect(types()).toEqual(['close'])
  })

  it('hears frames that came with the head of the answer', async () => {
    const { url } = await serveRaw(
      (accept) =>
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n${serverFrame({ opcode: 1, payload: 'first' }).toString('latin1')}`,
    )
    const { until } = open(url)
    expect((await until('message')).data).toBe('first')
  })
})
