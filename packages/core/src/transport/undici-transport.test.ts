import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { MockAgent, Pool } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import type { Transport } from './transport'
import { createUndiciTransport } from './undici-transport'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  closers.push(() => server.closeAllConnections())
  return listen(server)
}

const message = (origin: string) => ({
  origin,
  path: '/v2/x?signature=s',
  headers: { 'content-type': 'application/json;charset=utf-8' },
  body: '{"Header":{},"Payload":{"Text":"数"}}',
})

describe('the undici transport', () => {
  it('posts the body unchanged and returns every status and body', async () => {
    const origin = await serve(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks).toString()
      response.statusCode = 418
      response.end(
        JSON.stringify([request.method, request.url, request.headers['content-type'], body]),
      )
    })
    const transport = createUndiciTransport()
    const { status, body } = await transport.send(message(origin), {
      signal: new AbortController().signal,
    })
    await transport.close()
    expect(status).toBe(418)
    expect(JSON.parse(body)).toEqual([
      'POST',
      '/v2/x?signature=s',
      'application/json;charset=utf-8',
      '{"Header":{},"Payload":{"Text":"数"}}',
    ])
  })

  it('stops when the signal fires, even inside the body', async () => {
    const origin = await serve((_request, response) => void response.write('{"Header"'))
    const controller = new AbortController()
    const transport = createUndiciTransport()
    const response = transport.send(message(origin), controller)
    setTimeout(() => controller.abort(), 20)
    await expect(response).rejects.toThrow(/abort/i)
    await transport.close()
  })

  it('rejects when the server is unreachable', async () => {
    const transport = createUndiciTransport()
    await expect(
      transport.send(message('http://127.0.0.1:1'), { signal: new AbortController().signal }),
    ).rejects.toThrow()
    await transport.close()
    await transport.close()
  })

  it('uses the given dispatcher and does not close it', async () => {
    const agent = new MockAgent()
    closers.push(() => agent.close())
    agent.disableNetConnect()
    const pool = agent.get('https://gw.example.com')
    pool
      .intercept({ method: 'POST', path: '/v2/x?signature=s' })
      .reply(200, 'mocked', { headers: { 'Retry-After': '3' } })
      .times(2)
    const transport = createUndiciTransport(agent)
    expect(
      await transport.send(message('https://gw.example.com'), {
        signal: new AbortController().signal,
      }),
    ).toEqual({
      status: 200,
      headers: { 'retry-after': '3' },
      body: 'mocked',
    })
    await transport.close()
    expect(
      await transport.send(message('https://gw.example.com'), {
        signal: new AbortController().signal,
      }),
    ).toMatchObject({ status: 200 })
  })
})

describe('delivery', () => {
  const sentBy = async (transport: Transport, origin: string, signal?: AbortSignal) => {
    const delivery = { sent: undefined }
    const options = { signal: signal ?? new AbortController().signal, delivery }
    await transport.send(message(origin), options).catch(() => {})
    // Close it last: it waits for connections that are being opened.
    closers.push(() => transport.close())
    return delivery.sent
  }

  it.each([
    [
      'an https address of an http port',
      async () => (await serve(() => {})).replace('http', 'https'),
    ],
    ['a closed port', async () => 'http://127.0.0.1:1'],
    [
      'a connection that is cut during the TLS hello',
      async () =>
        (await listen(createTcpServer((socket) => socket.destroy()))).replace('http', 'https'),
    ],
  ])('is false for %s', async (_what, origin) => {
    expect(await sentBy(createUndiciTransport(), await origin())).toBe(false)
  })

  it('is false when the attempt is aborted before the connection is there', async () => {
    const silent = createTcpServer((socket) => closers.push(() => socket.destroy()))
    const origin = (await listen(silent)).replace('http', 'https')
    expect(await sentBy(createUndiciTransport(), origin, AbortSignal.timeout(50))).toBe(false)
  })

  it('is false for a dispatcher of another version of undici', async () => {
    const foreign = {
      dispatch() {
        throw new Error('invalid onError method')
      },
    }
    expect(await sentBy(createUndiciTransport(foreign as unknown as Pool), 'http://x')).toBe(false)
  })

  it.each([
    ['answers', (response: ServerResponse) => response.end('{}')],
    ['cuts the connection after the request', (response: ServerResponse) => response.destroy()],
  ])('is true when the server %s', async (_what, react) => {
    const origin = await serve((_request, response) => react(response))
    expect(await sentBy(createUndiciTransport(), origin)).toBe(true)
  })
})

describe('the undici transport under concurrency', () => {
  it('never sends a request that was aborted while it waited for a connection', async () => {
    let requests = 0
    const origin = await serve((_request, response) => {
      requests += 1
      setTimeout(() => response.end('{}'), 30)
    })
    const pool = new Pool(origin, { connections: 1 })
    const transport = createUndiciTransport(pool)
    const first = transport.send(message(origin), { signal: new AbortController().signal })
    const controller = new AbortController()
    const queued = transport.send(message(origin), controller)
    controller.abort()
    await expect(queued).rejects.toThrow(/abort/i)
    await first
    await pool.close()
    expect(requests).toBe(1)
  })

  it('shares one agent between concurrent calls and closes it', async () => {
    const ports = new Set<number | undefined>()
    const origin = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end('{}')
    })
    const transport = createUndiciTransport()
    await Promise.all(
      [1, 2, 3].map(() =>
        transport.send(message(origin), { signal: new AbortController().signal }),
      ),
    )
    const used = ports.size
    await transport.send(message(origin), { signal: new AbortController().signal })
    expect(ports.size).toBe(used)
    await transport.close()
  })

  it('finishes running calls after close and can be used again', async () => {
    const origin = await serve((request, response) => {
      request.resume()
      response.end('{}')
    })
    const transport = createUndiciTransport()
    const first = transport.send(message(origin), { signal: new AbortController().signal })
    await transport.close()
    expect((await first).status).toBe(200)
    expect(
      (await transport.send(message(origin), { signal: new AbortController().signal })).status,
    ).toBe(200)
    await transport.close()
  })

  it('joins a response of many chunks that are split inside a character', async () => {
    const text = '数字人'.repeat(20_000)
    const origin = await serve((_request, response) => {
      const bytes = Buffer.from(text)
      response.write(bytes.subarray(0, 100))
      setTimeout(() => response.end(bytes.subarray(100)), 10)
    })
    const transport = createUndiciTransport()
    const { body } = await transport.send(message(origin), { signal: new AbortController().signal })
    await transport.close()
    expect(body === text).toBe(true)
  })
})
