import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { MockAgent, Pool } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { createUndiciTransport } from './undici-transport'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return `http://127.0.0.1:${address.port}`
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
