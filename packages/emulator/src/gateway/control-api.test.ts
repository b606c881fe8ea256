import { describe, expect, it } from 'vitest'
import { createClock } from '../clock'
import type { GatewayOptions } from '../options'
import { setUpAccount } from '../testing/account'
import { createGateway } from './gateway'

function setUp(options: GatewayOptions = {}) {
  const account = setUpAccount(options)
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await account.gateway.fetch(
      new Request(`http://emulator.test/__emulator/${path}`, init),
    )
    return { status: response.status, json: (await response.json()) as unknown }
  }
  return { ...account, ask }
}

describe('/__emulator/', () => {
  it('shows calls in order, with payload and outcome, without secrets', async () => {
    const { ask, create, call, gateway } = setUp()
    const txSecret = 'c0ffee00'.repeat(4)
    const CssCustomPushUrl = `rtmp://push.test/live/m1?txSecret=${txSecret}&txTime=7FFFFFFF`
    await create({ ProtocolOption: { CssCustomPushUrl, TrtcUserSig: 'usersig-value' } })
    await call('statSession', { SessionId: 'm404' })
    const { json } = await ask('calls')
    expect(json).toMatchObject({
      calls: [
        { name: 'createSessionByAsset', payload: { UserId: 'kiosk-1' }, outcome: { code: 0 } },
        { name: 'statSession', payload: { SessionId: 'm404' }, outcome: { code: 110018 } },
      ],
    })
    const shown = JSON.stringify([json, gateway.events])
    for (const secret of [txSecret, 'usersig-value', 'signature=']) {
      expect(shown).not.toContain(secret)
    }
  })

  it('shows the events and the time', async () => {
    const { ask, open, time } = setUp()
    const sessionId = await open()
    const { json } = await ask('events')
    expect(json).toMatchObject({
      events: [
        { kind: 'session', sessionId, text: 'created for UserId kiosk-1' },
        { text: 'ready', at: time.now },
        { text: 'started' },
      ],
    })
    expect((await ask('clock')).json).toEqual({ now: time.now, movable: false })
  })

  it('plans faults and clears them', async () => {
    const { ask, create } = setUp()
    const post = (body: string) => ask('faults', { method: 'POST', body })
    expect(await post('[{"on":"createSessionByAsset","code":100000}]')).toMatchObject({
      status: 200,
      json: { pending: [{ code: 100000, times: 1 }] },
    })
    expect(await create()).toMatchObject({ Code: 100000 })
    await post('[{"code":100000}]')
    await ask('faults', { method: 'DELETE' })
    expect((await ask('faults')).json).toEqual({ pending: [] })
    expect(await create()).toMatchObject({ Code: 0 })
  })

  it.each([
    ['{', 'not JSON'],
    ['{}', 'fault plan is wrong'],
    ['[{"status":1}]', '0.status'],
  ])('refuses the faults %s with 400', async (body, reason) => {
    const { ask } = setUp()
    const { status, json } = await ask('faults', { method: 'POST', body })
    expect(status).toBe(400)
    expect(JSON.stringify(json)).toContain(reason)
  })

  const act = (gateway: ReturnType<typeof setUp>['gateway'], path: string, body?: object) =>
    gateway.fetch(
      new Request(`http://emulator.test/__emulator/${path}`, {
        method: 'POST',
        body: JSON.stringify(body) ?? null,
      }),
    )

  it('closes a session, restarts and resets', async () => {
    const { open, gateway } = setUp()
    const [first] = [await open(), await open({ UserId: 'b' }), await open({ UserId: 'c' })]
    expect((await act(gateway, `sessions/${first}/close`)).status).toBe(200)
    expect((await act(gateway, `sessions/${first}/close`)).status).toBe(404)
    await act(gateway, 'restart', { keepSessions: true })
    expect(gateway.sessions.map(({ closeType }) => closeType)).toEqual([1, undefined, undefined])
    await act(gateway, 'restart', { keepSessions: false })
    expect(gateway.sessions.map(({ closeType }) => closeType)).toEqual([1, 4, 4])
    expect((await act(gateway, 'restart', {})).status).toBe(400)
    await act(gateway, 'reset')
    expect(gateway.sessions).toEqual([])
  })

  it('closes a session with an id that needs encoding', async () => {
    const { create, gateway } = setUp({ environment: 'private' })
    const SessionId = 'kiosk 7/a'
    expect(await create({ SessionId })).toMatchObject({ Code: 0 })
    await act(gateway, `sessions/${encodeURIComponent(SessionId)}/close`)
    expect(gateway.sessions).toMatchObject([{ sessionId: SessionId, closeType: 1 }])
  })

  it('moves a movable clock', async () => {
    const { gateway } = setUp()
    expect((await act(gateway, 'clock/advance', { milliseconds: 1 })).status).toBe(409)
    const clock = createClock({ running: false, startAt: 5 })
    const movable = createGateway({ clock })
    for (const milliseconds of [-1, 1e300]) {
      const refused = await act(movable, 'clock/advance', { milliseconds })
      expect(refused.status).toBe(400)
      expect(JSON.stringify(await refused.json())).toContain('at most 3155760000000')
    }
    const answer = await act(movable, 'clock/advance', { milliseconds: 60_000 })
    expect(await answer.json()).toEqual({ now: 60_005, movable: true })
  })

  it('serves its page, and refuses other pages', async () => {
    const { gateway } = setUp()
    for (const path of ['', '__emulator/', '__emulator/page.css', '__emulator/page.js']) {
      expect((await gateway.fetch(new Request(`http://emulator.test/${path}`))).status).toBe(200)
    }
    const from = (origin: string) =>
      gateway.fetch(
        new Request('http://emulator.test/__emulator/reset', {
          method: 'POST',
          headers: { origin, host: 'emulator.test' },
        }),
      )
    expect((await from('http://evil.test')).status).toBe(403)
    expect((await from('http://emulator.test')).status).toBe(200)
  })
})
