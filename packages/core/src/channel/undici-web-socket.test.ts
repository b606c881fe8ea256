import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from 'node:net'
import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { createCertificate } from '../testing/certificate'
import { createTunnel } from '../testing/tunnel'
import { createVirtualClock } from '../testing/virtual-clock'
import { undiciWebSockets } from './undici-web-socket'
import type { WebSocketEvent } from './web-socket-like'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function listen(server: NetServer): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closers.push(() => server.close())
  return (server.address() as AddressInfo).port
}

/** Opens a WebSocket and records its events. */
async function open(url: string, dispatcher: Dispatcher = new Agent()) {
  const clock = createVirtualClock()
  const socket = await undiciWebSockets({ dispatcher, clock, maxMessageBytes: 100_000 })(url)
  const events: WebSocketEvent[] = []
  for (const type of ['open', 'message', 'error', 'close', 'drain', 'pong'] as const) {
    socket.addEventListener(type, (event) => events.push(event))
  }
  closers.push(() => dispatcher.destroy())
  closers.push(() => clock.drain())
  closers.push(() => socket.close())
  const of = (type: string) => events.filter((event) => event.type === type)
  const until = async (type: string, count = 1) => {
    await expect.poll(() => of(type).length).toBe(count)
    return of(type).at(-1) ?? expect.fail(`no ${type}`)
  }
  const types = () => events.map(({ type }) => type)
  return { clock, of, socket, types, until }
}

/** Starts a server of the `ws` package, an independent implementation of RFC 6455. */
async function serve(server: Server | ReturnType<typeof createHttpsServer> = createHttpServer()) {
  const port = await listen(server)
  const sockets = new WebSocketServer({ server, perMessageDeflate: true })
  const texts: string[] = []
  const peers: WebSocket[] = []
  sockets.on('connection', (peer) => {
    peers.push(peer)
    peer.on('message', (data) => texts.push(String(data)))
  })
  closers.push(() => {
    for (const peer of peers) peer.terminate()
  })
  const peer = async () => {
    await expect.poll(() => peers.length).toBeGreaterThan(0)
    return peers[0] ?? expect.fail('no connection arrived')
  }
  const url = `ws://127.0.0.1:${port}/channel?requestid=s1&signature=x`
  return { url, port, texts, peer, peers, sockets }
}

describe('a WebSocket of undici', () => {
  it('requests the address with its query', async () => {
    const { url, sockets } = await serve()
    const asked = once(sockets, 'connection')
    const { socket, until } = await open(url)
    await until('open')
    const [, request] = await asked
    expect(request.url).toBe('/channel?requestid=s1&signature=x')
    expect(socket.readyState).toBe(1)
  })

  it('sends texts of any length in order, across ticks and in bursts', async () => {
    const { url, texts } = await serve()
    const { socket, until } = await open(url)
    await until('open')
    const lengths = [0, 1, 125, 126, 65_535, 65_536, 200_000]
    const sent = ['a', '数', '\u{1F44B}'].flatMap((unit) =>
      lengths.map((length) => unit.repeat(Math.ceil(length / unit.length))),
    )
    for (const [index, text] of sent.entries()) {
      socket.send(text)
      if (index % 5 === 0) await new Promise(setImmediate)
    }
    await expect.poll(() => texts.length).toBe(sent.length)
    expect(texts).toEqual(sent)
  })

  it('receives texts that arrive whole, in fragments or compressed', async () => {
    const { url, peer } = await serve()
    const { of, until } = await open(url)
    const other = await peer()
    other.send('你好')
    other.send('frag', { fin: false })
    other.send('ments', { fin: true })
    other.send('x'.repeat(99_000), { compress: true })
    await until('message', 3)
    const [hello, fragments, long] = of('message').map(({ data }) => data)
    expect([hello, fragments]).toEqual(['你好', 'fragments'])
    expect(long).toHaveLength(99_000)
  })

  it('answers a ping of the server', async () => {
    const { url, peer } = await serve()
    await open(url)
    const other = await peer()
    const ponged = once(other, 'pong')
    other.ping('are you there?')
    expect(String((await ponged)[0])).toBe('are you there?')
  })

  it('reports the pong to its own ping, and only while it is open', async () => {
    const { url } = await serve()
    const other = await open(url)
    const { socket, types, until } = await open(url)
    socket.ping?.()
    await until('open')
    await other.until('open')
    expect(types()).toEqual(['open'])
    socket.ping?.()
    await until('pong')
    socket.close()
    socket.ping?.()
    await until('close')
    expect(types()).toEqual(['open', 'pong', 'close'])
    expect(other.types()).toEqual(['open'])
  })

  it('connects over TLS', async () => {
    const certificate = await createCertificate()
    const { port, texts } = await serve(createHttpsServer(certificate))
    const dispatcher = new Agent({ connect: { ca: certificate.cert } })
    const { socket, until } = await open(`wss://127.0.0.1:${port}/`, dispatcher)
    await until('open')
    socket.send('hello')
    await expect.poll(() => texts).toEqual(['hello'])
  })

  it('refuses a certificate without a known authority', async () => {
    const { port } = await serve(createHttpsServer(await createCertificate()))
    const { types, until } = await open(`wss://127.0.0.1:${port}/`)
    expect(String((await until('error')).error)).toMatch(/self.signed/)
    expect(types()).toEqual(['error', 'close'])
  })

  it('connects through a proxy', async () => {
    const { url, port, texts } = await serve()
    const { server, asked } = createTunnel()
    const proxy = await listen(server)
    const { socket, until } = await open(url, new ProxyAgent(`http://127.0.0.1:${proxy}`))
    await until('open')
    socket.send('through')
    await expect.poll(() => texts).toEqual(['through'])
    expect(asked).toEqual([`127.0.0.1:${port}`])
  })

  it('counts the unsent bytes, and reports when the buffer is empty', async () => {
    const { url, peer } = await serve()
    const { of, socket, until } = await open(url)
    await until('open')
    const other = await peer()
    other.pause()
    const part = 'x'.repeat(60_000)
    for (let sent = 0; socket.bufferedAmount < 8_000_000 && sent < 1_000; sent++) socket.send(part)
    await new Promise(setImmediate)
    expect(socket.bufferedAmount).toBeGreaterThan(1_000_000)
    expect(of('drain')).toEqual([])
    other.resume()
    await until('drain')
    expect(socket.bufferedAmount).toBe(0)
  })

  it('throws when a text is sent before it is open', async () => {
    const { url } = await serve()
    const { socket } = await open(url)
    expect(() => socket.send('early')).toThrow('Sent before connected')
  })
})

describe('a closing WebSocket of undici', () => {
  it('reports the close code and the close reason', async () => {
    const { url, peer, texts } = await serve()
    const { clock, socket, types, until } = await open(url)
    await until('open')
    const closed = once(await peer(), 'close')
    socket.send('last words')
    socket.close(1000, 'done')
    const [code, reason] = await closed
    expect([code, String(reason)]).toEqual([1000, 'done'])
    expect(texts).toEqual(['last words'])
    await until('close')
    expect(types()).toEqual(['open', 'close'])
    expect(clock.pending).toBe(0)
  })

  it('reports the code and the reason when the server closes it', async () => {
    const { url, peer } = await serve()
    const { types, until } = await open(url)
    const other = await peer()
    const closed = once(other, 'close')
    other.close(4001, 'session ended')
    expect(await until('close')).toMatchObject({ code: 4001, reason: 'session ended' })
    expect(types()).toEqual(['open', 'close'])
    expect((await closed)[0]).toBe(4001)
  })

  it.each([
    ['breaks off the connection', (peer: WebSocket) => peer.terminate(), 1006],
    ['closes without a code', (peer: WebSocket) => peer.close(), 1005],
  ])('reports the standard code when the server %s', async (_name, end, code) => {
    const { url, peer } = await serve()
    const { types, until } = await open(url)
    await until('open')
    end(await peer())
    expect((await until('close')).code).toBe(code)
    expect(types()).toEqual(['open', 'close'])
  })

  it('ends after five seconds when the server does not answer its close', async () => {
    const { url, peer } = await serve()
    const { clock, socket, types, until } = await open(url)
    await until('open')
    const other = await peer()
    other.pause()
    socket.close()
    await clock.advance(4_999)
    expect(types()).toEqual(['open'])
    await clock.advance(1)
    await until('close')
    expect(types()).toEqual(['open', 'close'])
  })

  it('drops a message that arrives while it closes', async () => {
    const { url, peer } = await serve()
    const { socket, types, until } = await open(url)
    await until('open')
    const other = await peer()
    other.send('late')
    socket.close()
    await until('close')
    expect(types()).toEqual(['open', 'close'])
  })

  it.each([
    ['a message above the limit', 'x'.repeat(100_001), { binary: false }, 1009],
    ['a compressed message above the limit', 'x'.repeat(100_001), { compress: true }, 1009],
    ['a text that is not UTF-8', Uint8Array.of(0xff), { binary: false }, 1007],
  ])('closes after %s and sends the code of the reason', async (_name, data, options, code) => {
    const { url, peer } = await serve()
    const { until } = await open(url)
    await until('open')
    const other = await peer()
    const closed = once(other, 'close')
    other.send(data, options)
    expect((await closed)[0]).toBe(code)
    expect((await until('close')).code).toBe(1006)
    expect(String((await until('error')).error)).toMatch(
      /protocol, or .* message over 100000 bytes/,
    )
  })

  it('reports the cause of a broken connection', async () => {
    const sockets: Socket[] = []
    const http = createHttpServer().on('connection', (socket) => sockets.push(socket))
    const { url } = await serve(http)
    const { types, until } = await open(url)
    await until('open')
    sockets[0]?.resetAndDestroy()
    expect((await until('error')).error).toMatchObject({ code: 'ECONNRESET' })
    expect(types()).toEqual(['open', 'error', 'close'])
  })
})

describe('a WebSocket of undici that does not open', () => {
  const refusal =
    (status: number, body: string): RequestListener =>
    (_request, response) =>
      response.writeHead(status, { 'content-type': 'text/plain' }).end(body)

  it.each([
    [404, 'no such session', 'the server answered with HTTP status 404: no such session'],
    [403, '', 'the server answered with HTTP status 403'],
    [200, '<html>\n  hello', 'the server answered with HTTP status 200: <html> hello'],
  ])('reports the status when the server answers with %i', async (status, body, message) => {
    const port = await listen(createHttpServer(refusal(status, body)))
    const { types, until } = await open(`ws://127.0.0.1:${port}/`)
    expect(await until('error')).toMatchObject({ error: { message }, status })
    expect(types()).toEqual(['error', 'close'])
  })

  it('reads only the start of a refusal without an end', async () => {
    const server = createHttpServer((_request, response) => {
      response.writeHead(503)
      const more = () => {
        if (!response.destroyed) response.write('busy '.repeat(200), () => setImmediate(more))
      }
      more()
    })
    const port = await listen(server)
    const { until } = await open(`ws://127.0.0.1:${port}/`)
    const { error } = await until('error')
    expect(String(error)).toContain('status 503: busy busy')
    expect(String(error).length).toBeLessThan(300)
  })

  it('reports a refusal whose body breaks off', async () => {
    const server = createHttpServer((_request, response) => {
      response.writeHead(500, { 'content-length': '100' })
      response.write('half a w', () => response.destroy())
    })
    const port = await listen(server)
    const { until } = await open(`ws://127.0.0.1:${port}/`)
    expect(String((await until('error')).error)).toContain('status 500: half a w')
  })

  it('reports a server that does not speak WebSocket', async () => {
    const sockets: Socket[] = []
    const port = await listen(
      createServer((socket) => {
        sockets.push(socket.on('error', () => {}))
        socket.once('data', () => {
          socket.write(
            'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
          )
        })
      }),
    )
    const { types, until } = await open(`ws://127.0.0.1:${port}/`)
    expect(String((await until('error')).error)).toMatch(/something that is not a WebSocket/)
    expect(types()).toEqual(['error', 'close'])
    await expect.poll(() => sockets[0]?.destroyed).toBe(true)
  })

  it('reports a refused connection when no server listens', async () => {
    const server = createServer()
    const port = await listen(server)
    server.close()
    const { types, until } = await open(`ws://127.0.0.1:${port}/`)
    expect((await until('error')).error).toMatchObject({ code: 'ECONNREFUSED' })
    expect(types()).toEqual(['error', 'close'])
  })

  it('reports an error when its dispatcher is destroyed', async () => {
    const dispatcher = new Agent()
    await dispatcher.destroy()
    const { url } = await serve()
    const { until } = await open(url, dispatcher)
    expect((await until('error')).error).toMatchObject({ code: 'UND_ERR_DESTROYED' })
  })

  it('releases the connection when it is closed during the handshake', async () => {
    const sockets: Socket[] = []
    const port = await listen(
      createServer((socket) => {
        socket.on('error', () => {})
        socket.resume()
        sockets.push(socket)
      }),
    )
    const { clock, socket, types } = await open(`ws://127.0.0.1:${port}/`)
    await expect.poll(() => sockets.length).toBe(1)
    socket.close()
    await expect.poll(() => sockets[0]?.destroyed).toBe(true)
    expect(types()).toEqual(['close'])
    expect(clock.pending).toBe(0)
  })

  it('ends when it is closed at once', async () => {
    const { url, peers } = await serve()
    const dispatcher = new Agent()
    const { socket, types } = await open(url, dispatcher)
    socket.close()
    const other = await open(url, dispatcher)
    await other.until('open')
    await expect.poll(() => peers.filter(({ readyState }) => readyState === 1)).toHaveLength(1)
    expect(types()).toEqual(['close'])
  })
})
