import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { emulatorInTests } from './emulator-in-tests'
import { handSigned, paths, reqId } from './testing/account'
import { useEmulator } from './vitest'

type Target = Pick<ReturnType<typeof useEmulator>, 'url' | 'dispatcher' | 'clock'>

async function call(emulator: Target, path: string, payload: object): Promise<string> {
  const text = `appkey=emulator-appkey&timestamp=${Math.floor(emulator.clock.now() / 1000)}`
  const query = `${text}&signature=${handSigned(text, 'emulator-accesstoken')}`
  const answer = await request(`${emulator.url}${path}?${query}`, {
    method: 'POST',
    body: JSON.stringify({ Header: {}, Payload: { ReqId: reqId, ...payload } }),
    dispatcher: emulator.dispatcher,
  })
  return ((await answer.body.json()) as { Payload: { SessionId: string } }).Payload.SessionId
}
const create = (emulator: Target) =>
  call(emulator, paths.createSessionByAsset, {
    AssetVirtualmanKey: 'a',
    UserId: 'kiosk-1',
    Protocol: 'rtmp',
    DriverType: 1,
  })

describe('useEmulator', () => {
  const emulator = useEmulator()

  it('serves a test', async () => {
    const SessionId = await create(emulator)
    expect(emulator.sessions).toMatchObject([{ sessionId: SessionId, status: 1 }])
    await emulator.advance(600_000)
    expect(emulator.sessions).toMatchObject([{ status: 2, closeType: 2 }])
  })

  it('has no sessions and the real time at the start of the next test', () => {
    expect([emulator.sessions, emulator.calls]).toEqual([[], []])
    expect(Math.abs(emulator.clock.now() - Date.now())).toBeLessThan(1_000)
  })
})

describe('a test that leaves sessions open', () => {
  const run = async (allowOpenSessions: boolean) => {
    const hooks = new Map<string, () => Promise<void>>()
    const on = (name: string) => (hook: () => Promise<void>) => void hooks.set(name, hook)
    const emulator = emulatorInTests(
      {
        hooks: {
          beforeAll: on('beforeAll'),
          beforeEach: on('beforeEach'),
          afterEach: on('afterEach'),
          afterAll: on('afterAll'),
        },
        firstHookRuns: 'last',
      },
      { allowOpenSessions },
    )
    expect(() => emulator.url).toThrow('from beforeAll to afterAll')
    await hooks.get('beforeAll')?.()
    const SessionId = await create(emulator)
    const ended = hooks.get('afterEach')?.()
    return { emulator, SessionId, ended, close: hooks.get('afterAll') }
  }

  it('fails with the ids of the open sessions; the next test starts without sessions', async () => {
    const { emulator, SessionId, ended, close } = await run(false)
    await expect(ended).rejects.toThrow(
      new RegExp(
        `left 1 session open:\\n  ${SessionId} of UserId kiosk-1: ready, not started, \\d+ ms`,
      ),
    )
    expect(emulator.sessions).toEqual([])
    await close?.()
    expect(() => emulator.url).toThrow()
  })

  it('passes with allowOpenSessions', async () => {
    const { ended, close } = await run(true)
    await ended
    await close?.()
  })
})

describe('within a describe', () => {
  const emulator = useEmulator({ listen: true })
  let url = ''
  beforeAll(() => {
    url = emulator.url
  })
  afterAll(() => expect(emulator.url).toBe(url))

  it('may listen on a port', async () => {
    expect((await fetch(url)).status).toBe(200)
  })
})
