import { MockAgent } from 'undici'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createIvhClient } from './client/create-client'
import type { CallOptions, PathCallOptions, ResponseInfo } from './contracts/call-options'
import type { IvhClientOptions, PollingOptions } from './options/client-options'
import { sign } from './signing/sign-query'
import { openTestSession } from './testing/open-test-session'
import { createMemoryLogger, createScriptedTransport } from './testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from './testing/test-client'
import { createVirtualClock } from './testing/virtual-clock'

afterEach(() => vi.unstubAllGlobals())

/** One case per option. A new option without a case does not compile. */
type EffectOf<Options> = { readonly [Name in keyof Options]-?: () => Promise<void> }

/** Sends the first request of a client and returns it. */
async function firstRequest(options: IvhClientOptions) {
  const { ivh, clock, transport } = await createTestClient({}, options)
  const calling = ivh.statSession({ SessionId: 'm1' })
  await clock.drain()
  await calling
  const [call] = transport.calls
  if (!call) throw new Error('nothing was sent')
  const { headers, origin, path } = call.request
  return { headers, origin, path, query: new URL(path, origin).searchParams, payload: call.payload }
}

/**
 * Calls an endpoint that always fails. Returns the error, the number of attempts and the duration.
 */
async function callFailingEndpoint(options: IvhClientOptions, call: CallOptions = {}) {
  const { ivh, clock, transport } = await createTestClient(
    { script: { statsession: () => ({ fail: new Error('down') }) } },
    options,
  )
  const startedAt = clock.now()
  const error = await Promise.race([
    rejection(ivh.statSession({ SessionId: 'm1' }, call)),
    clock.drain().then(() => new Error('the call hangs')),
  ])
  return { error, sent: transport.calls.length, tookMs: clock.now() - startedAt }
}

/**
 * Calls an endpoint that responds after an hour. Returns the error, the number of attempts and the
 * duration.
 */
async function callSlowEndpoint(options: IvhClientOptions, call: CallOptions = {}) {
  const { ivh, clock, transport } = await createTestClient(
    { latencyMs: () => 3_600_000 },
    { maxRetries: 9, ...options },
  )
  const startedAt = clock.now()
  let tookMs = 0
  const error = rejection(ivh.statSession({ SessionId: 'm1' }, call)).finally(() => {
    tookMs = clock.now() - startedAt
  })
  await clock.drain()
  return { error: await error, sent: transport.calls.length, tookMs }
}

/** Polls ten preparing sessions for 3 s and returns the most polls at once. */
async function mostPollsAtOnce(polling: PollingOptions) {
  let underWay = 0
  let most = 0
  const { ivh, clock } = await createTestClient(
    {
      preparingPolls: 1_000,
      latencyMs: (endpoint) => (endpoint === 'statsession' ? 300 : 1),
      script: {
        statsession: ({ signal }) => {
          underWay += 1
          most = Math.max(most, underWay)
          const done = () => {
            underWay -= 1
          }
          clock.after(299, done)
          signal.addEventListener('abort', done, { once: true })
          return undefined
        },
      },
    },
    { polling },
  )
  const opening = Array.from({ length: 10 }, (_, index) =>
    rejection(ivh.sessions.open({ ...anyOpen, userId: `u${index}` })),
  )
  await clock.advance(3_000)
  const closing = ivh.close()
  await clock.drain()
  await Promise.all([closing, ...opening])
  return most
}

const clientOptions: EffectOf<IvhClientOptions> = {
  async appKey() {
    expect((await firstRequest({ appKey: 'another' })).query.get('appkey')).toBe('another')
  },
  async accessToken() {
    const signature = async (accessToken: string) =>
      (await firstRequest({ accessToken })).query.get('signature')
    expect(await signature('one')).not.toBe(await signature('another'))
  },
  async region() {
    expect((await firstRequest({ region: 'mainland' })).origin).toBe('https://gw.tvs.qq.com')
  },
  async baseUrl() {
    const { origin, path } = await firstRequest({ baseUrl: 'http://10.0.0.1:8080/ivh/' })
    expect(origin).toBe('http://10.0.0.1:8080')
    expect(path).toMatch(/^\/ivh\/v2\//)
  },
  async environment() {
    const sent = async (environment: 'saas' | 'private') => {
      const { ivh, clock, transport } = await createTestClient({}, { environment })
      const opening = ivh.sessions.open({ ...anyOpen, sessionId: 's1' }).catch(() => {})
      await clock.drain()
      await opening
      return transport.calls[0]?.payload.SessionId
    }
    expect(await sent('private')).toBe('s1')
    expect(await sent('saas')).toBeUndefined()
  },
  async headers() {
    const { headers } = await firstRequest({ headers: { Language: 'en-US', 'X-Trace': 't' } })
    expect(headers).toEqual({
      ...{ language: 'en-US', 'x-trace': 't' },
      'content-type': 'application/json;charset=utf-8',
    })
  },
  async query() {
    const { path, query } = await firstRequest({ query: { Language: 'en-US' } })
    expect(query.get('Language')).toBe('en-US')
    const parameters = Object.fromEntries(query)
    expect(query.get('signature')).toBe(sign(parameters, 'example_accesstoken'))
    expect(path).toContain('Language=en-US')
    const { session, clock, service } = await openTestSession({
      client: { query: { Language: 'en-US' } },
    })
    void session.connect()
    await clock.advance(5)
    const { searchParams } = new URL(service.sockets[0]?.url ?? '')
    expect(searchParams.get('signature')).toBe(
      sign(Object.fromEntries(searchParams), 'example_accesstoken'),
    )
    expect(searchParams.get('Language')).toBe('en-US')
  },
  async plugins() {
    const seen: string[] = []
    await firstRequest({
      plugins: [{ name: 'watcher', onRequest: ({ path }) => void seen.push(path) }],
    })
    expect(seen).toEqual([expect.stringMatching(/statsession$/)])
  },
  async timeoutMs() {
    const { error, tookMs } = await callSlowEndpoint({ timeoutMs: 2_000, maxRetries: 0 })
    expect(error).toMatchObject({ kind: 'timeout', timeoutMs: 2_000 })
    expect(tookMs).toBe(2_000)
  },
  async deadlineMs() {
    const { error, tookMs } = await callSlowEndpoint({ deadlineMs: 20_000 })
    expect(error).toMatchObject({ kind: 'timeout' })
    expect(tookMs).toBeLessThanOrEqual(20_000)
  },
  async maxRetries() {
    expect((await callFailingEndpoint({ maxRetries: 0 })).sent).toBe(1)
    expect((await callFailingEndpoint({ maxRetries: 4 })).sent).toBe(5)
  },
  async polling() {
    expect(await mostPollsAtOnce({ concurrency: 3 })).toBe(3)
    expect(await mostPollsAtOnce({})).toBe(10)
  },
  async dispatcher() {
    const agent = new MockAgent()
    agent.disableNetConnect()
    agent
      .get('https://gw-sg.tvs.qq.com')
      .intercept({ path: () => true, method: 'POST' })
      .reply(200, { Header: { Code: 0, Message: '' }, Payload: { SessionStatus: 1 } })
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', dispatcher: agent })
    expect(await ivh.statSession({ SessionId: 'm1' })).toMatchObject({ SessionStatus: 1 })
    await ivh.close()
    await agent.close()
  },
  async transport() {
    const transport = createScriptedTransport()
    await createIvhClient({ appKey: 'k', accessToken: 't', transport }).listSessionOfUin()
    expect(transport.endpoints()).toEqual(['listsessionofuin'])
  },
  async webSocket() {
    const { session, clock, service } = await openTestSession()
    void session.connect()
    await clock.advance(5)
    expect(service.sockets).toHaveLength(1)
  },
  async clock() {
    const clock = createVirtualClock(1_717_639_699_000)
    const transport = createScriptedTransport()
    await createIvhClient({ appKey: 'k', accessToken: 't', transport, clock }).listSessionOfUin()
    expect(transport.calls[0]?.request.path).toContain('timestamp=1717639699')
  },
  async random() {
    const longest = (await callFailingEndpoint({ maxRetries: 1, random: () => 1 })).tookMs
    const shortest = (await callFailingEndpoint({ maxRetries: 1, random: () => 0 })).tookMs
    expect(longest - shortest).toBe(250)
  },
  async createId() {
    const createId = () => 'f'.repeat(32)
    expect((await firstRequest({ createId })).payload.ReqId).toBe('f'.repeat(32))
  },
  async logger() {
    const logger = createMemoryLogger()
    const { ivh, clock } = await createTestClient({}, { logger })
    const onProgress = () => {
      throw new Error('thrown by the caller')
    }
    const opening = ivh.sessions.open({ ...anyOpen, onProgress })
    await clock.drain()
    await opening
    expect(logger.lines.join()).toContain('thrown by the caller')
  },
  async dangerouslyAllowBrowser() {
    vi.stubGlobal('window', {})
    vi.stubGlobal('document', {})
    const keys = { appKey: 'k', accessToken: 't' }
    expect(() => createIvhClient(keys)).toThrow(/browser/)
    expect(() => createIvhClient({ ...keys, dangerouslyAllowBrowser: true })).not.toThrow()
  },
}

const callOptions: EffectOf<PathCallOptions> = {
  async signal() {
    const controller = new AbortController()
    const { ivh, clock } = await createTestClient({ latencyMs: () => 60_000 })
    const error = rejection(ivh.statSession({ SessionId: 'm1' }, { signal: controller.signal }))
    await clock.advance(10)
    controller.abort()
    expect(await error).toMatchObject({ kind: 'abort' })
  },
  async timeoutMs() {
    const { tookMs } = await callSlowEndpoint(
      { timeoutMs: 9_000 },
      { timeoutMs: 700, maxRetries: 0 },
    )
    expect(tookMs).toBe(700)
  },
  async deadlineMs() {
    const { tookMs } = await callSlowEndpoint({ deadlineMs: 90_000 }, { deadlineMs: 20_000 })
    expect(tookMs).toBeLessThanOrEqual(20_000)
  },
  async maxRetries() {
    expect((await callFailingEndpoint({ maxRetries: 0 }, { maxRetries: 3 })).sent).toBe(4)
  },
  async onResponse() {
    const headers = { date: 'Thu, 01 Jan 2026 00:00:00 GMT', 'x-trace': ['a', 'b'] }
    const body = '{"Header":{"Code":0,"RequestID":"gz01"},"Payload":{"SessionStatus":1}}'
    const { ivh, clock, lines } = await createTestClient(
      {
        script: {
          statsession: ({ count }) =>
            count === 1 ? { fail: 'down' } : { raw: { status: 200, body, headers } },
        },
      },
      { maxRetries: 1 },
    )
    const received: unknown[] = []
    const onResponse = (response: ResponseInfo) => {
      received.push(response)
      throw new Error('thrown by the caller')
    }
    const calling = ivh.statSession({ SessionId: 'm1' }, { onResponse })
    await clock.drain()
    expect(await calling).toEqual({ SessionStatus: 1 })
    expect(received).toEqual([{ status: 200, requestId: 'gz01', headers, attempt: 2 }])
    expect(lines).toEqual([expect.stringContaining('thrown by the caller')])
  },
  async idempotent() {
    const sent = async (idempotent: boolean) => {
      const { ivh, clock, transport } = await createTestClient({
        script: { pausesession: () => ({ fail: new Error('lost') }) },
      })
      const path = '/v2/ivh/sessionmanager/sessionmanagerservice/pausesession'
      const error = rejection(ivh.call(path, {}, { idempotent, maxRetries: 2 }))
      await clock.drain()
      await error
      return transport.calls.length
    }
    expect(await sent(false)).toBe(1)
    expect(await sent(true)).toBe(3)
  },
}

const pollingOptions: EffectOf<PollingOptions> = {
  async concurrency() {
    expect(await mostPollsAtOnce({ concurrency: 3 })).toBe(3)
    expect(await mostPollsAtOnce({ concurrency: 4 })).toBe(4)
  },
}

describe('C12: the effect of every option', () => {
  it.each(Object.entries(clientOptions))(
    'createIvhClient({ %s }) changes the behaviour of the client',
    (_name, showsEffect) => showsEffect(),
  )
  it.each(Object.entries(callOptions))(
    'a call with { %s } changes its behaviour',
    (_name, showsEffect) => showsEffect(),
  )
  it.each(Object.entries(pollingOptions))(
    'polling: { %s } changes the polling',
    (_name, showsEffect) => showsEffect(),
  )
})
