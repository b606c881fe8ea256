import { describe, expect, it } from 'vitest'
import { setUpAccount } from '../testing/account'

function setUp() {
  const account = setUpAccount()
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await account.gateway.fetch(
      new Request(`http://emulator.test/__emulator/${path}`, init),
    )
    return { status: response.status, json: (await response.json()) as unknown }
  }
  return { ...account, ask }
}

describe('/__emulator/', () => {
  it('shows calls in order, with their payload and their end, without secrets', async () => {
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
    for (const secret of [txSecret, 'usersig-value', 'signature='])
      expect(shown).not.toContain(secret)
  })

  it('shows what happened and the time', async () => {
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
    expect((await ask('clock')).json).toEqual({ now: time.now })
  })

  it('takes faults and forgets them', async () => {
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
})
