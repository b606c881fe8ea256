import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { definePlugin } from './contracts/plugin'
import type { SayOptions } from './contracts/speech'
import type { OpenByProjectOptions, QuotaWaitOptions } from './sessions/opening/open-options'
import type { ResumeOptions } from './sessions/opening/resume-session'
import type { ChannelOptions } from './sessions/session/channel-options'

import { openTestSession } from './testing/open-test-session'
import { createScriptedSockets } from './testing/scripted-sockets'
import { anyOpen, createTestClient, rejection } from './testing/test-client'
import { createVirtualClock } from './testing/virtual-clock'

/** One case per option. A new option without a case does not compile. */
type EffectOf<Options> = { readonly [Name in keyof Options]-?: () => Promise<void> }

async function* silence() {
  yield new Uint8Array(5_120)
}

/** Opens a session whose channel is refused after the first `accepted` connections. */
function unreachable(channel: ChannelOptions, accepted = 0) {
  return openTestSession({ open: { channel }, accepts: (count) => count <= accepted })
}

const channelOptions: EffectOf<ChannelOptions> = {
  async open() {
    expect(
      (await openTestSession({ open: { channel: { open: 'auto' } } })).service.sockets,
    ).toHaveLength(1)
    expect(
      (await openTestSession({ open: { channel: { open: 'lazy' } } })).service.sockets,
    ).toEqual([])
  },
  async heartbeatMs() {
    const beats = async (channel: ChannelOptions) => {
      const { clock, service } = await openTestSession({
        open: { channel: { open: 'auto', ...channel } },
      })
      await clock.advance(100_000)
      return service.last.sent.length
    }
    expect(await beats({ heartbeatMs: 30_000 })).toBe(3)
    expect(await beats({})).toBe(2)
  },
  async giveUpAfterMs() {
    const failedAfterMs = async (channel: ChannelOptions) => {
      const { session, clock } = await unreachable(channel)
      const failed = rejection(session.connect()).then(() => clock.now())
      const startedAt = clock.now()
      await clock.advance(200_000)
      return (await failed) - startedAt
    }
    expect(await failedAfterMs({ giveUpAfterMs: 5_000 })).toBeLessThanOrEqual(5_000)
    expect(await failedAfterMs({})).toBeGreaterThan(40_000)
  },
  async connectTimeoutMs() {
    const { session, clock } = await openTestSession({
      client: { webSocket: () => new Promise(() => {}) },
      open: { channel: { connectTimeoutMs: 700, giveUpAfterMs: 500 } },
    })
    const error = rejection(session.connect())
    await clock.advance(800)
    expect(await error).toMatchObject({ kind: 'timeout', timeoutMs: 700 })
  },
  async pongTimeoutMs() {
    let silent = false
    const replaced = async (channel: ChannelOptions) => {
      silent = false
      const { clock, service } = await openTestSession({
        open: { channel: { open: 'auto', ...channel } },
        pinged: (socket) => silent || socket.emit({ type: 'pong' }),
      })
      silent = true
      await clock.advance(45_000 + 10_000)
      return service.sockets.length > 1
    }
    expect(await replaced({ pongTimeoutMs: 5_000 })).toBe(true)
    expect(await replaced({})).toBe(false)
    expect(await replaced({ pongTimeoutMs: false })).toBe(false)
  },
  async maxMessageBytes() {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    server.on('connection', (socket) => socket.send('x'.repeat(200)))
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const lost = async (channel: ChannelOptions) => {
      const client = { baseUrl: `http://127.0.0.1:${port}`, webSocket: undefined }
      const { clock, ivh, lines, session } = await openTestSession({ client, open: { channel } })
      const losses: string[] = []
      session.addEventListener('reconnecting', ({ detail }) => losses.push(detail.error.message))
      session.connect().catch(() => {})
      const reports = async () => {
        await clock.advance(1)
        return losses.length + lines.length
      }
      await expect.poll(reports, { timeout: 4_000 }).toBeGreaterThan(0)
      const closing = ivh.close()
      await clock.drain()
      await closing
      return losses
    }
    expect(await lost({ maxMessageBytes: 199 })).toEqual([
      expect.stringContaining('message over 199 bytes'),
    ])
    expect(await lost({ maxMessageBytes: 200 })).toEqual([])
    for (const client of server.clients) client.terminate()
    server.close()
  },
}

/** Resumes a session that never becomes ready, and closes the client after 10 s. */
async function resumeUnready(options: ResumeOptions) {
  const client = await createTestClient({ preparingPolls: 1_000 })
  const error = rejection(client.ivh.sessions.resume('m7', options))
  await client.clock.advance(10_000)
  const polls = client.transport.endpoints().filter((name) => name === 'statsession').length
  const closing = client.ivh.close()
  await client.clock.drain()
  await closing
  return { error: await error, polls }
}

/** Resumes a running session. */
async function resumed(options: ResumeOptions) {
  const states: unknown[] = []
  const plugin = definePlugin({
    name: 'store',
    onResume: ({ state }) => {
      states.push(state)
      return undefined
    },
  })
  const clock = createVirtualClock()
  const service = createScriptedSockets(clock)
  const { ivh } = await createTestClient(
    { clock },
    { clock, webSocket: service.webSocket, plugins: [plugin] },
  )
  const resuming = ivh.sessions.resume('m7', options)
  await clock.advance(1_000)
  return { session: await resuming, ivh, clock, service, states }
}

const resumeOptions: EffectOf<ResumeOptions> = {
  async userId() {
    expect((await resumed({ userId: 'u7' })).session.userId).toBe('u7')
    expect((await resumed({})).session.userId).toBe('')
  },
  async driverType() {
    const { session } = await resumed({ driverType: 1 })
    expect(await rejection(session.sendAudio(silence()).finished)).toMatchObject({ kind: 'config' })
    const { session: unknown, clock, service } = await resumed({})
    unknown.sendAudio(silence())
    await clock.advance(100)
    expect(service.commands[0]?.Command).toBe('SEND_AUDIO')
  },
  async channel() {
    expect((await resumed({ channel: { open: 'auto' } })).service.sockets).toHaveLength(1)
    expect((await resumed({})).service.sockets).toEqual([])
  },
  async pluginState() {
    expect((await resumed({ pluginState: { store: 'room 7' } })).states).toEqual(['room 7'])
    expect((await resumed({})).states).toEqual([undefined])
  },
  async signal() {
    const controller = new AbortController()
    const { ivh, clock } = await createTestClient({ preparingPolls: 1_000 })
    const error = rejection(ivh.sessions.resume('m7', { signal: controller.signal }))
    await clock.advance(5_000)
    controller.abort()
    expect(await error).toMatchObject({ kind: 'abort' })
  },
  async readyTimeoutMs() {
    const { error } = await resumeUnready({ readyTimeoutMs: 3_000 })
    expect(error).toMatchObject({ kind: 'timeout', timeoutMs: 3_000 })
    expect((await resumeUnready({})).error).toMatchObject({ reason: 'client-closed' })
  },
  async pollIntervalMs() {
    expect((await resumeUnready({ pollIntervalMs: 4_000 })).polls).toBeLessThan(5)
    expect((await resumeUnready({})).polls).toBeGreaterThan(9)
  },
}

/** Opens a session by project and returns the create request. */
async function project(options: Partial<OpenByProjectOptions>) {
  const { ivh, clock, transport } = await createTestClient({}, { environment: 'private' })
  const opening = ivh.sessions.open({
    ...{ virtualmanProjectId: 'p1', userId: 'u1', protocol: 'rtmp' },
    ...options,
  })
  await clock.drain()
  await opening
  const [call] = transport.calls
  return { endpoint: call?.endpoint, ...call?.payload }
}

type Written = 'virtualmanProjectId' | 'userId' | 'protocol' | 'driverType' | 'cssCustomPushUrl'
type WrittenToo = 'trtc' | 'sessionId' | 'streamMaxIntervalMs' | 'alphaChannel'
const projectOptions: { readonly [Name in Written | WrittenToo]: OpenByProjectOptions[Name] } = {
  virtualmanProjectId: 'p2',
  userId: 'u2',
  protocol: 'webrtc',
  driverType: 3,
  cssCustomPushUrl: 'rtmp://h/live/m?txSecret=0123456789abcdef0123456789abcdef&txTime=7FFFFFFF',
  trtc: { appId: '14', strRoomId: 'r', userSig: 's', privateMapKey: 'p' },
  sessionId: 's2',
  streamMaxIntervalMs: 3_000,
  alphaChannel: true,
}

/**
 * Opens a session that becomes ready after `preparingPolls` polls, and closes the client after 10
 * s.
 */
async function openUnready(options: object, preparingPolls = 1_000) {
  const { ivh, clock, transport } = await createTestClient({ preparingPolls })
  const error = rejection(ivh.sessions.open({ ...anyOpen, ...options }))
  await clock.advance(10_000)
  const polls = transport.endpoints().filter((name) => name === 'statsession').length
  const closing = ivh.close()
  await clock.drain()
  await closing
  return { error: await error, polls, live: transport.live.size }
}

type WaitOption = 'readyTimeoutMs' | 'pollIntervalMs' | 'waitForQuota' | 'signal'
const waitOptions: EffectOf<Pick<OpenByProjectOptions, WaitOption>> = {
  async readyTimeoutMs() {
    const { error } = await openUnready({ readyTimeoutMs: 3_000 })
    expect(error).toMatchObject({ kind: 'timeout', timeoutMs: 3_000 })
  },
  async pollIntervalMs() {
    expect((await openUnready({ pollIntervalMs: 4_000 })).polls).toBeLessThan(5)
    expect((await openUnready({})).polls).toBeGreaterThan(9)
  },
  async waitForQuota() {
    const opened = async (waitForQuota?: QuotaWaitOptions) => {
      const { ivh, clock } = await createTestClient({
        script: {
          createsessionbyasset: ({ count }) => (count < 3 ? { code: 100008 } : undefined),
        },
      })
      const session = ivh.sessions.open({ ...anyOpen, waitForQuota }).then(
        ({ id }) => id,
        ({ code }: { code: number }) => code,
      )
      await clock.advance(20_000)
      return session
    }
    expect(await opened({ timeoutMs: 10_000 })).toBe('m1')
    expect(await opened({ timeoutMs: 500 })).toBe(100008)
    expect(await opened()).toBe(100008)
  },
  async signal() {
    const controller = new AbortController()
    setImmediate(() => controller.abort())
    const { error, live } = await openUnready({ signal: controller.signal })
    expect(error).toMatchObject({ kind: 'abort' })
    expect(live).toBe(0)
  },
}

type Chat = Exclude<SayOptions['chat'], boolean | undefined>
const chatOptions: { readonly [Name in keyof Chat]-?: string } = {
  roundId: 'ChatRoundId',
  visitorId: 'CloudAiVisitorBizId',
}

describe('C12: the effect of every option', () => {
  it.each(Object.entries(channelOptions))(
    'open({ channel: { %s } }) changes the channel',
    (_name, showsEffect) => showsEffect(),
  )
  it.each(Object.entries(resumeOptions))(
    'resume(id, { %s }) changes the resume',
    (_name, showsEffect) => showsEffect(),
  )
  it.each(Object.entries(waitOptions))('open({ %s }) changes the open', (_name, showsEffect) =>
    showsEffect(),
  )

  it('open({ virtualmanProjectId }) creates from the project', async () => {
    expect(await project({})).toMatchObject({
      endpoint: 'createsession',
      VirtualmanProjectId: 'p1',
    })
  })

  it.each(Object.entries(projectOptions))(
    'open({ virtualmanProjectId, %s }) changes the request',
    async (name, value) => {
      expect(await project({ [name]: value })).not.toEqual(await project({}))
    },
  )

  it.each(Object.entries(chatOptions))(
    'say({ chat: { %s } }) changes the command',
    async (name, field) => {
      const { session, clock, service } = await openTestSession()
      session.say('A question', { chat: { [name]: 'x1' } })
      await clock.advance(100)
      expect(service.commands[0]?.Data).toMatchObject({ [field]: 'x1' })
    },
  )
})
