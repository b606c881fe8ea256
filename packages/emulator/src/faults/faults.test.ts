import { IvhConfigError } from '@ivh-kit/kernel'
import { describe, expect, it } from 'vitest'
import { createEmulator } from '../create-emulator'
import { handSigned, paths, reqId, setUpAccount } from '../testing/account'
import { connect, id } from '../testing/channel'
import { ConnectionDropped } from './connection-dropped'

const create = {
  AssetVirtualmanKey: 'a',
  UserId: 'u',
  Protocol: 'rtmp',
  DriverType: 1,
}
const body = (payload: object) =>
  JSON.stringify({ Header: {}, Payload: { ReqId: reqId, ...payload } })

describe('a planned fault', () => {
  it('applies only to the named calls; `skip` and `times` select which of them', async () => {
    const { gateway, open, send } = setUpAccount()
    const SessionId = await open()
    gateway.faults.plan([{ on: 'statSession', skip: 1, times: 2, status: 503 }])
    const statuses: number[] = []
    for (let call = 0; call < 4; call++) {
      statuses.push((await send(paths.statSession, body({ SessionId }))).status)
    }
    expect(statuses).toEqual([200, 503, 503, 200])
    expect(gateway.faults.pending).toEqual([])
    expect((await send(paths.listSessionOfUin, body({}))).status).toBe(200)
  })

  it('applies only to the session that it names', async () => {
    const { gateway, open, call } = setUpAccount()
    const [first, second] = [await open(), await open({ UserId: 'u2' })]
    gateway.faults.plan([{ sessionId: second, code: 100000 }])
    expect(await call('statSession', { SessionId: first })).toMatchObject({ Code: 0 })
    expect(await call('statSession', { SessionId: second })).toMatchObject({ Code: 100000 })
  })

  it('waits for a call that can show its effects when it names no target', async () => {
    const account = setUpAccount()
    const { gateway, create, send } = account
    const sessionId = await account.open()
    gateway.faults.plan([{ truncate: true }, { drop: 'after' }, { quotaExhausted: true }])
    await connect(account, sessionId)
    expect(gateway.faults.pending).toHaveLength(3)
    const list = () => send(paths.listSessionOfUin, body({}))
    await expect((await list()).text()).rejects.toThrow('cut by a fault')
    await expect(list()).rejects.toThrow(ConnectionDropped)
    expect((await list()).status).toBe(200)
    expect(await create({ UserId: 'next' })).toMatchObject({ Code: 100008 })
  })

  it('may combine effects that are visible together', async () => {
    const { gateway, create } = setUpAccount()
    gateway.faults.plan([
      { delayMs: 1, drop: 'after', duplicate: true },
      { clockSkewMs: 1_000, code: 100000 },
      { on: 'createSession', creationFailed: true, invalidJson: true },
    ])
    expect(gateway.faults.pending).toHaveLength(3)
    gateway.faults.clear()
    expect(await create()).toMatchObject({ Code: 0 })
  })

  it('can be cleared', async () => {
    const { gateway, create } = setUpAccount()
    gateway.faults.plan([{ status: 500 }])
    gateway.faults.clear()
    expect(await create()).toMatchObject({ Code: 0 })
  })

  it.each([
    ['nothing to do', {}, 'has no effect: set at least one'],
    ['a status of success', { status: 200 }, '0.status'],
    ['a field that is none', { stauts: 500 }, 'stauts'],
    ['an unknown endpoint', { on: 'nowhere', status: 500 }, '0.on'],
    ['a cut of HTTP', { on: 'command', cutAtMessage: 1 }, 'needs on: "commandChannel"'],
    ['half a channel', { on: 'commandChannel', truncate: true }, 'has no effect on'],
    ['a failed creation of nothing', { on: 'statSession', creationFailed: true }, 'createSession'],
    ['a code of success', { code: 0 }, '0.code must not be 0'],
    [
      'a failed creation with success',
      { on: 'createSession', creationFailed: 0 },
      '0.creationFailed',
    ],
    ['two answers', { status: 503, code: 100000 }, 'code is hidden by status: a call has one'],
    [
      'an answer that is cut off',
      { drop: 'after', invalidJson: true },
      'invalidJson is hidden by drop',
    ],
    ['an effect that is refused', { code: 100000, duplicate: true }, 'duplicate is hidden by code'],
    ['an effect that is dropped', { drop: 'before', duplicate: true }, 'the request has no effect'],
    ['a clock nobody reads', { status: 500, clockSkewMs: 1 }, 'clockSkewMs is hidden by status'],
    ['a full account that creates', { quotaExhausted: true, creationFailed: true }, 'is hidden by'],
    ['no place for all of it', { truncate: true, cutAtMessage: 1 }, 'have no common target'],
    [
      'a session no list names',
      { on: 'listSessionOfUin', sessionId: 'm1', status: 500 },
      'has no SessionId',
    ],
    ['a stream lost by a list', { on: 'listSessionOfUin', streamLost: true }, 'has no effect on'],
  ])('rejects a fault with %s and names the field', (_what, fault, reason) => {
    const { gateway } = setUpAccount()
    const plan: (faults: never) => void = gateway.faults.plan.bind(gateway.faults)
    expect(() => plan([fault] as never)).toThrow(IvhConfigError)
    expect(() => plan([fault] as never)).toThrow(reason)
    expect(gateway.faults.pending).toEqual([])
  })
})

describe('the fault', () => {
  it('delayMs delays the response on the emulator’s clock', async () => {
    const { gateway, call, time } = setUpAccount()
    gateway.faults.plan([{ delayMs: 30_000 }])
    let done = false
    const answer = call('listSessionOfUin', {}).then((result) => {
      done = true
      return result
    })
    await time.tickAsync(29_999)
    expect(done).toBe(false)
    await time.tickAsync(1)
    expect(await answer).toMatchObject({ Code: 0 })
  })

  it('`drop: before` creates no session, `drop: after` creates one', async () => {
    const { gateway, create } = setUpAccount()
    gateway.faults.plan([{ drop: 'before' }, { drop: 'after' }])
    await expect(create()).rejects.toThrow(ConnectionDropped)
    expect(gateway.sessions).toEqual([])
    await expect(create()).rejects.toThrow(ConnectionDropped)
    expect(gateway.sessions).toHaveLength(1)
    expect(gateway.calls.map(({ outcome }) => outcome)).toEqual(['dropped', 'dropped'])
  })

  it('status and code prevent the effect of the call', async () => {
    const { gateway, create } = setUpAccount()
    gateway.faults.plan([{ status: 502 }, { code: -101001 }])
    await expect(create()).rejects.toThrow(SyntaxError)
    expect(await create()).toMatchObject({ httpStatus: 200, Code: -101001 })
    expect(gateway.sessions).toEqual([])
  })

  it('invalidJson, wrongShape and truncate keep the effect and damage the response', async () => {
    const { gateway, send } = setUpAccount()
    gateway.faults.plan([{ invalidJson: true }, { wrongShape: true }, { truncate: true }])
    const post = (UserId: string) => send(paths.createSessionByAsset, body({ ...create, UserId }))
    await expect((await post('a')).json()).rejects.toThrow(SyntaxError)
    expect(await (await post('b')).json()).toEqual({ Header: { Code: '0' }, Payload: 'ok' })
    await expect((await post('c')).text()).rejects.toThrow('cut by a fault')
    expect(gateway.sessions).toHaveLength(3)
  })

  it('duplicate handles the request twice and sends the second response', async () => {
    const { gateway, open, call, create } = setUpAccount()
    const SessionId = await open()
    gateway.faults.plan([{ on: 'closeSession', duplicate: true }])
    expect(await call('closeSession', { SessionId })).toMatchObject({ Code: 110013 })
    gateway.faults.plan([{ on: 'createSessionByAsset', duplicate: true }])
    const second = (await create()).Payload.SessionId
    expect(gateway.sessions.map(({ status, closeType }) => [status, closeType])).toEqual([
      [2, 1],
      [2, 5],
      [3, undefined],
    ])
    expect(gateway.sessions[2]?.sessionId).toBe(second)
  })

  it('quotaExhausted refuses with 100008', async () => {
    const { gateway, create } = setUpAccount()
    gateway.faults.plan([{ on: 'createSessionByAsset', quotaExhausted: true }])
    expect(await create()).toMatchObject({ Code: 100008 })
    expect(await create()).toMatchObject({ Code: 0 })
  })

  it.each([1_000, 0])('creationFailed leads to status 4 with prepareMs %i', async (prepareMs) => {
    const { gateway, create, call, time } = setUpAccount({ prepareMs, concurrency: 1 })
    gateway.faults.plan([{ on: 'createSessionByAsset', creationFailed: true }])
    const { SessionId } = (await create()).Payload
    await time.tickAsync(prepareMs)
    expect((await call('statSession', { SessionId })).Payload).toMatchObject({
      SessionStatus: 4,
      ErrorCode: -111003,
    })
    expect(await create({ UserId: 'next' })).toMatchObject({ Code: 0 })
  })

  it.each([-101001, -101002, -111001, -111004])(
    'creationFailed fails with the given code %i',
    async (code) => {
      const { gateway, create, call, time } = setUpAccount()
      gateway.faults.plan([{ creationFailed: code }])
      const { SessionId } = (await create()).Payload
      await time.tickAsync(1_000)
      expect((await call('statSession', { SessionId })).Payload).toMatchObject({
        SessionStatus: 4,
        ErrorCode: code,
        ErrorMessage: expect.stringContaining('by a fault'),
      })
    },
  )

  it('streamLost closes the session of the call with CloseType 3 and -111002', async () => {
    const account = setUpAccount()
    const { call, create, gateway, time } = account
    const SessionId = await account.open()
    const other = await account.open({ UserId: 'other' })
    const channel = await connect(account, SessionId)
    channel.text(id(1), 'A text of some length.')
    gateway.faults.plan([{ sessionId: SessionId, streamLost: true }])
    expect((await call('statSession', { SessionId: other })).Payload.SessionStatus).toBe(1)
    expect((await call('statSession', { SessionId })).Payload).toMatchObject({
      SessionStatus: 2,
      CloseType: 3,
      ErrorCode: -111002,
    })
    expect(channel.end).toEqual([1000, expect.stringContaining('the stream ended')])
    expect(await call('startSession', { SessionId })).toMatchObject({ Code: 110013 })
    expect(await create()).toMatchObject({ Code: 0 })
    await time.tickAsync(1_000)
    expect(gateway.sessions.map(({ closeType }) => closeType)).toEqual([3, undefined, undefined])
  })

  it('clockSkewMs moves the clock that checks the timestamp', async () => {
    const { gateway, create } = setUpAccount()
    gateway.faults.plan([{ clockSkewMs: 299_000 }, { clockSkewMs: 400_000 }])
    expect(await create()).toMatchObject({ Code: 0 })
    expect(await create()).toMatchObject({
      Code: 100005,
      Message: expect.stringContaining('400 s behind'),
    })
  })
})

describe('the header x-ivh-emulator', () => {
  const withHeader = (value: string) => ({ 'x-ivh-emulator': value })

  it('applies to its own call only', async () => {
    const { send } = setUpAccount()
    const faulty = await send(
      paths.listSessionOfUin,
      body({}),
      undefined,
      withHeader('{"status":503}'),
    )
    expect(faulty.status).toBe(503)
    expect((await send(paths.listSessionOfUin, body({}))).status).toBe(200)
  })

  it.each([
    ['no JSON', 'status=503', 'must hold JSON'],
    ['an unknown fault', '{"explode":true}', 'explode'],
    ['the wrong type', '{"delayMs":"1"}', 'delayMs'],
  ])('is refused with HTTP 400 when it has %s', async (_what, value, reason) => {
    const { send } = setUpAccount()
    const answer = await send(paths.listSessionOfUin, body({}), undefined, withHeader(value))
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(reason)
  })
})

describe('faults of the command channel', () => {
  it('cutAtMessage cuts the channel instead of sending the message, and the replay contains it', async () => {
    const account = setUpAccount()
    const sessionId = await account.open()
    account.gateway.faults.plan([{ on: 'commandChannel', cutAtMessage: 3 }])
    const channel = await connect(account, sessionId)
    channel.text(id(1), 'Hello')
    await account.time.tickAsync(2_000)
    expect(channel.states).toEqual(['1 WaitingTextStart'])
    expect(channel.end).toBe('cut')
    const again = await connect(account, sessionId)
    expect(again.states).toHaveLength(4)
  })

  it('cutAtMessage leaves no timer', async () => {
    const account = setUpAccount()
    const sessionId = await account.open()
    account.gateway.faults.plan([{ on: 'commandChannel', cutAtMessage: 1 }])
    const channel = await connect(account, sessionId)
    channel.text(id(1), 'Hello')
    expect(channel.end).toBe('cut')
    await account.gateway.close()
    expect(account.time.countTimers()).toBe(0)
  })

  it('status, drop and a wrong clock prevent the opening', async () => {
    const account = setUpAccount()
    const sessionId = await account.open()
    for (const [fault, reason] of [
      [{ status: 503 }, 'refused'],
      [{ drop: 'before' }, 'dropped'],
      [{ clockSkewMs: 400_000 }, 'refused'],
    ] as const) {
      await expect(connect(account, sessionId, fault)).rejects.toThrow(reason)
    }
    await connect(account, sessionId)
  })
})

describe('restart', () => {
  it('cuts the channels, and keeps the sessions or closes them with CloseType 4', async () => {
    const account = setUpAccount()
    const sessionId = await account.open()
    const channel = await connect(account, sessionId)
    await account.gateway.restart({ keepSessions: true })
    expect(channel.end).toBe('cut')
    const again = await connect(account, sessionId)
    await account.gateway.restart({ keepSessions: false })
    expect(again.end).toBe('cut')
    expect(account.gateway.sessions).toMatchObject([{ status: 2, closeType: 4 }])
    expect(await account.create()).toMatchObject({ Code: 0 })
  })
})

describe('over a real connection', () => {
  it('drop and truncate break the connection, and the next call works', async () => {
    await using emulator = await createEmulator()
    const text = `appkey=emulator-appkey&timestamp=${Math.floor(Date.now() / 1000)}`
    const query = `${text}&signature=${handSigned(text, 'emulator-accesstoken')}`
    const send = () =>
      fetch(`${emulator.url}${paths.listSessionOfUin}?${query}`, { method: 'POST', body: body({}) })
    emulator.faults.plan([{ drop: 'before' }, { drop: 'after' }, { truncate: true }])
    await expect(send()).rejects.toThrow()
    await expect(send()).rejects.toThrow()
    await expect(send().then((response) => response.text())).rejects.toThrow()
    expect((await send()).status).toBe(200)
  })
})
