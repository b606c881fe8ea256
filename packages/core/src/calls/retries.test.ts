import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https'
import { ProxyAgent } from 'undici'
import { describe, expect, it } from 'vitest'
import { createIvhClient } from '../client/create-client'
import { IvhAbortError, IvhConfigError } from '../errors'
import type { IvhClientOptions } from '../options/client-options'
import { createCertificate } from '../testing/certificate'
import { createMemoryLogger, type ScriptedResponse } from '../testing/scripted-transport'
import { createTestClient, rejection } from '../testing/test-client'

const one = { SessionId: 'm1' }
const asset = { AssetVirtualmanKey: 'a', UserId: 'u1', Protocol: 'rtmp', DriverType: 1 } as const
const limited = (headers: Record<string, string> = {}): ScriptedResponse => ({
  raw: { status: 429, body: 'slow down', headers },
})
const reset = { fail: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) }

type Endpoint = 'statsession' | 'startsession' | 'createsessionbyasset' | 'command' | 'pausesession'

/** A client with default retries. Its endpoint sends these responses first, then succeeds. */
async function createRetryingClient(
  endpoint: Endpoint,
  responses: readonly ScriptedResponse[],
  options: IvhClientOptions = {},
) {
  const client = await createTestClient(
    { script: { [endpoint]: ({ count }: { count: number }) => responses[count - 1] } },
    { maxRetries: undefined, ...options },
  )
  const sentAt: number[] = []
  const { send } = client.transport
  const start = client.clock.now()
  client.transport.send = (request, options) => {
    sentAt.push(client.clock.now() - start)
    return send(request, options)
  }
  return { ...client, sentAt }
}

describe('an idempotent call', () => {
  it.each<[string, ScriptedResponse]>([
    ['a lost connection', reset],
    ['a bad gateway', { raw: { status: 502, body: '' } }],
    ['an internal error', { code: 100000 }],
    // C12: a 429 must be retried.
    ['C12: a rate limit', limited()],
    ['a rate limit by code', { code: 100012 }],
    [
      'an unknown code with status 503',
      { raw: { status: 503, body: '{"Header":{"Code":50300}}' } },
    ],
  ])('is retried twice after %s, with pauses that double', async (_name, response) => {
    const { ivh, clock, sentAt } = await createRetryingClient('statsession', [response, response])
    const result = ivh.statSession(one)
    await clock.drain()
    expect(await result).toMatchObject({ SessionStatus: 1 })
    expect(sentAt).toEqual([0, 251, 752])
  })

  it('C10: rejects with the number and the cause of the last attempt', async () => {
    const { ivh, clock } = await createRetryingClient('statsession', [reset, reset, reset])
    const error = rejection(ivh.statSession(one))
    await clock.drain()
    expect(await error).toMatchObject({
      attempt: 3,
      cause: reset.fail,
      message: expect.stringMatching(/reset.*attempt 3/),
    })
  })

  it('keeps its ReqId and gets a new signature', async () => {
    const { ivh, clock, transport } = await createRetryingClient('statsession', [
      limited({ 'retry-after': '2' }),
    ])
    const result = ivh.statSession(one)
    await clock.drain()
    await result
    const [first, second] = transport.calls
    expect(second?.payload).toEqual(first?.payload)
    expect(second?.request.path).not.toBe(first?.request.path)
  })

  it.each([
    ['seconds', { 'retry-after': '3' }],
    [
      'a date relative to the server’s Date',
      {
        'retry-after': 'Thu, 01 Jan 2026 00:03:03 GMT',
        date: 'Thu, 01 Jan 2026 00:03:00 GMT',
      },
    ],
  ])('waits for a Retry-After given as %s', async (_name, headers) => {
    const { ivh, clock, sentAt } = await createRetryingClient('statsession', [limited(headers)])
    const result = ivh.statSession(one)
    await clock.drain()
    await result
    expect(sentAt).toEqual([0, 3_251])
  })

  it('gives up at once when Retry-After exceeds the deadline', async () => {
    const { ivh, clock, sentAt } = await createRetryingClient('statsession', [
      limited({ 'retry-after': '60' }),
    ])
    const error = rejection(ivh.statSession(one))
    await clock.advance(1)
    expect(await error).toMatchObject({ status: 429, retryAfterMs: 60_000 })
    expect(sentAt).toEqual([0])
  })

  it('ends at its deadline and shortens the last attempt', async () => {
    const { ivh, clock } = await createTestClient(
      { latencyMs: () => 60_000 },
      { timeoutMs: 1_000, maxRetries: 9 },
    )
    const start = clock.now()
    const error = rejection(ivh.statSession(one, { deadlineMs: 2_000 }))
    await clock.advance(2_000)
    expect(await error).toMatchObject({ kind: 'timeout', attempt: 2, timeoutMs: 750 })
    expect(clock.now() - start).toBe(2_000)
    expect(clock.pending).toBe(0)
  })

  it('is not retried with maxRetries 0 or after a permanent error', async () => {
    const none = await createRetryingClient('statsession', [reset])
    const error = rejection(none.ivh.statSession(one, { maxRetries: 0 }))
    await none.clock.drain()
    expect(await error).toMatchObject({ attempt: 1 })
    for (const response of [
      { code: 100001 },
      { code: 100008 },
      { raw: { status: 404, body: '' } },
    ]) {
      const stays = await createRetryingClient('statsession', [response])
      const refused = rejection(stays.ivh.statSession(one))
      await stays.clock.drain()
      await refused
      expect(stays.sentAt).toEqual([0])
    }
  })

  it('C24: ends at once when it is aborted during the pause, and leaves no timer', async () => {
    const { ivh, clock, sentAt } = await createRetryingClient('statsession', [reset])
    const controller = new AbortController()
    const error = rejection(ivh.statSession(one, { signal: controller.signal }))
    await clock.advance(10)
    controller.abort('left')
    expect(await error).toBeInstanceOf(IvhAbortError)
    expect(await error).toMatchObject({ cause: 'left', attempt: 1 })
    expect(clock.pending).toBe(0)
    expect(sentAt).toEqual([0])
  })

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'rejects maxRetries %s on a call and on the client',
    async (maxRetries) => {
      const { ivh, transport } = await createTestClient()
      expect(await rejection(ivh.statSession(one, { maxRetries }))).toBeInstanceOf(IvhConfigError)
      expect(transport.calls).toEqual([])
      expect(() => createIvhClient({ appKey: 'k', accessToken: 't', maxRetries })).toThrow(
        /maxRetries is/,
      )
    },
  )

  it('rejects an invalid deadlineMs', async () => {
    const { ivh } = await createTestClient()
    expect(await rejection(ivh.statSession(one, { deadlineMs: 0 }))).toBeInstanceOf(IvhConfigError)
    expect(() => createIvhClient({ appKey: 'k', accessToken: 't', deadlineMs: -1 })).toThrow(
      /deadlineMs is -1/,
    )
  })
})

describe('a call that is not idempotent', () => {
  const command = { ...one, Command: 'SEND_TEXT', Data: { Text: 'Hi' } } as const

  it.each<[string, ScriptedResponse]>([
    ['a lost connection', reset],
    ['a bad gateway', { raw: { status: 502, body: '' } }],
    ['an unavailable service', { raw: { status: 503, body: '' } }],
    ['an internal error', { code: 100000 }],
  ])('is sent once after %s, because it may have taken effect', async (_name, response) => {
    for (const endpoint of ['createsessionbyasset', 'command'] as const) {
      const { ivh, clock, sentAt } = await createRetryingClient(endpoint, [response])
      const call = endpoint === 'command' ? ivh.command(command) : ivh.createSessionByAsset(asset)
      const error = rejection(call)
      await clock.drain()
      expect(await error).toMatchObject({ attempt: 1 })
      expect(sentAt).toEqual([0])
    }
  })

  it('is sent once when it times out', async () => {
    const { ivh, clock, transport } = await createTestClient(
      { latencyMs: () => 60_000 },
      { maxRetries: 2 },
    )
    const error = rejection(ivh.createSessionByAsset(asset))
    await clock.drain()
    expect(await error).toMatchObject({ kind: 'timeout' })
    expect(transport.created).toBe(1)
  })

  it.each<[string, ScriptedResponse]>([
    ['the connection was refused', { fail: { code: 'ECONNREFUSED' } }],
    ['the host is unknown', { fail: { code: 'ENOTFOUND', syscall: 'getaddrinfo' } }],
    ['the service reports too many calls', { code: 100012 }],
    ['a gateway limits the rate', limited()],
  ])('is retried when %s', async (_name, response) => {
    const { ivh, clock, transport } = await createRetryingClient('createsessionbyasset', [
      response,
      response,
    ])
    const result = ivh.createSessionByAsset(asset)
    await clock.drain()
    expect(await result).toMatchObject({ SessionId: 'm1' })
    expect(transport.created).toBe(1)
  })

  it('is retried by path only with idempotent: true', async () => {
    const path = '/v2/ivh/x/pausesession'
    const unsafe = await createRetryingClient('pausesession', [reset])
    const error = rejection(unsafe.ivh.call(path))
    await unsafe.clock.drain()
    expect(await error).toMatchObject({ attempt: 1 })
    const safe = await createRetryingClient('pausesession', [reset])
    const result = safe.ivh.call(path, {}, { idempotent: true })
    await safe.clock.drain()
    await result
    expect(safe.sentAt).toHaveLength(2)
  })
})

describe('the retry budget of a client', () => {
  it('stops retries during an outage, never stops closes, and refills on success', async () => {
    let down = true
    const { ivh, clock, transport } = await createTestClient(
      {
        script: {
          statsession: () => (down ? { fail: 'down' } : undefined),
          closesession: ({ count }) => (count < 4 ? { fail: 'down' } : { payload: {} }),
        },
      },
      { maxRetries: 2 },
    )
    const stats = async (count: number) => {
      const before = transport.calls.length
      const all = Promise.allSettled(Array.from({ length: count }, () => ivh.statSession(one)))
      await clock.drain()
      await all
      return transport.calls.length - before
    }
    // Expect 30 calls and the 20 retries of the budget.
    expect(await stats(30)).toBe(50)
    expect(await stats(1)).toBe(1)
    const opening = ivh.sessions.open({ assetVirtualmanKey: 'a', userId: 'u', protocol: 'rtmp' })
    down = false
    await clock.drain()
    const closed = (await opening).close()
    await clock.drain()
    await closed
    await stats(20)
    down = true
    expect(await stats(1)).toBe(3)
  })
})

describe('a real connection', () => {
  it('sets `notSent` when the connection is refused or the host is unknown', async () => {
    const ivh = createIvhClient({
      ...{ appKey: 'k', accessToken: 't', baseUrl: 'http://127.0.0.1:1', maxRetries: 0 },
    })
    expect(await rejection(ivh.createSessionByAsset(asset))).toMatchObject({ notSent: true })
    const unknown = createIvhClient({
      ...{ appKey: 'k', accessToken: 't', baseUrl: 'http://nobody.invalid', maxRetries: 0 },
    })
    expect(await rejection(unknown.createSessionByAsset(asset))).toMatchObject({ notSent: true })
    await Promise.all([ivh.close(), unknown.close()])
  })

  it('sets `notSent` when a proxy refuses the tunnel or the certificate is rejected', async () => {
    const guarded = createSecureServer(await createCertificate())
    const proxy = createServer().on('connect', (_request, socket) => {
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n')
    })
    const dispatcher = new ProxyAgent(`http://127.0.0.1:${await portOf(proxy)}`)
    const baseUrl = `https://127.0.0.1:${await portOf(guarded)}`
    const common = { appKey: 'k', accessToken: 't', baseUrl, maxRetries: 0 }
    for (const [ivh, code] of [
      [createIvhClient(common), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      [createIvhClient({ ...common, dispatcher }), 'UND_ERR_ABORTED'],
    ] as const) {
      expect(await rejection(ivh.createSessionByAsset(asset))).toMatchObject({
        ...{ kind: 'transport', notSent: true },
        cause: expect.objectContaining({ code }),
      })
      await ivh.close()
    }
    await dispatcher.destroy()
    guarded.close()
    proxy.close()
  })

  it('does not set `notSent` when the connection breaks after the request, and waits for Retry-After', async () => {
    let requests = 0
    const server = createServer((request, response) => {
      requests += 1
      if (request.url?.includes('createsession')) return void request.socket.destroy()
      if (requests === 2) {
        response.writeHead(429, { 'Retry-After': '0' }).end()
        return
      }
      response.end('{"Header":{"Code":0},"Payload":{"SessionStatus":1}}')
    })
    const logger = createMemoryLogger()
    const baseUrl = `http://127.0.0.1:${await portOf(server)}`
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', baseUrl, logger })
    expect(await rejection(ivh.createSessionByAsset(asset))).toMatchObject({
      notSent: false,
      attempt: 1,
    })
    expect(await ivh.statSession(one)).toEqual({ SessionStatus: 1 })
    expect(requests).toBe(3)
    await ivh.close()
    server.closeAllConnections()
    server.close()
  })
})

/** Starts the server on a free port and returns the port. */
async function portOf(server: Server | SecureServer): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return address.port
}
