import { describe, expect, it } from 'vitest'
import { setUpAccount } from '../testing/account'
import { admitted, channelUrl, connect, id, setUpChannel } from '../testing/channel'

const ping = (channel: { send(command: string, reqId: string, data: object): void }) =>
  channel.send('SEND_HEARTBEAT', id(9), { Text: 'PING' })

const streamData = {
  Text: 'A sentence of its own.',
  Seq: 1,
  IsFinal: false,
  IsSentence: true,
  IsInsertSentence: false,
  Interrupt: false,
  SmartActionEnabled: true,
  VideoSeiInfo: '{}',
}
const audioData = { Audio: Buffer.alloc(5_120).toString('base64'), Seq: 1 }

describe('opening a channel', () => {
  async function admit(options: object, requestId: (sessionId: string) => string, started = true) {
    const account = setUpAccount(options)
    const { create, call, time } = account
    const sessionId = String((await create()).Payload.SessionId)
    await time.tickAsync(1_000)
    if (started) await call('startSession', { SessionId: sessionId })
    const admission = await account.gateway.admitChannel(channelUrl(time.now, requestId(sessionId)))
    if (admission.kind !== 'refused') return { kind: admission.kind }
    const { Header } = (await admission.response.json()) as {
      Header: { Code: number; Message: string }
    }
    return { status: admission.response.status, ...Header }
  }

  it('opens after startsession, with requestid = SessionId', async () => {
    expect(await admit({}, (sessionId) => sessionId)).toEqual({ kind: 'admitted' })
  })

  it('refuses a channel before startsession with 409 and 110016', async () => {
    expect(await admit({}, (sessionId) => sessionId, false)).toMatchObject({
      status: 409,
      Code: 110016,
      Message: expect.stringMatching(
        /^SessionNotStarted:session m\d+ was not started: call startsession/,
      ),
    })
  })

  it('refuses a channel while preparing with 409 and 110014', async () => {
    expect(await admit({ prepareMs: 60_000 }, (sessionId) => sessionId, false)).toMatchObject({
      status: 409,
      Code: 110014,
    })
  })

  it('refuses a random UUID as requestid with 404 and the reason', async () => {
    const answer = await admit({}, () => '0f6c1d2e-3b4a-5968-7786-958493a2b1c0')
    expect(answer).toMatchObject({
      status: 404,
      Code: 110018,
      Message: expect.stringContaining('requestid must be the SessionId, not a fresh UUID'),
    })
  })

  it('refuses a missing requestid with 400', async () => {
    expect(await admit({}, () => '')).toMatchObject({ status: 400, Code: 100001 })
  })

  it('refuses the channel of a closed session with 410', async () => {
    const account = setUpAccount()
    const sessionId = await account.open()
    await account.call('closeSession', { SessionId: sessionId })
    const admission = await account.gateway.admitChannel(channelUrl(account.time.now, sessionId))
    expect(admission).toMatchObject({ kind: 'refused', response: { status: 410 } })
  })

  it('accepts a signature over requestid, as in the derived vector', async () => {
    const account = setUpAccount()
    const sessionId = await account.open()
    const good = channelUrl(account.time.now, sessionId)
    const swapped = good.replace(`requestid=${sessionId}`, `requestid=${sessionId}0`)
    expect(await account.gateway.admitChannel(swapped)).toMatchObject({
      kind: 'refused',
      response: { status: 401 },
    })
    const late = channelUrl(account.time.now - 301_000, sessionId)
    expect(await account.gateway.admitChannel(late)).toMatchObject({ response: { status: 401 } })
    const language = channelUrl(account.time.now, sessionId, 'Language=en-US&')
    expect(await account.gateway.admitChannel(language)).toMatchObject({ kind: 'admitted' })
  })

  it('refuses another path with 404', async () => {
    const { gateway } = setUpAccount()
    expect(await gateway.admitChannel('http://emulator.test/v2/ws/other')).toMatchObject({
      response: { status: 404 },
    })
  })

  it('refuses a second channel with 409 until the first one is closed', async () => {
    const set = await setUpChannel()
    await expect(connect(set, set.sessionId)).rejects.toThrow('refused')
    set.channel.raw.disconnected()
    await connect(set, set.sessionId)
  })

  it('replaces the first channel with secondChannel replace', async () => {
    const set = await setUpChannel({ secondChannel: 'replace' })
    const second = await connect(set, set.sessionId)
    expect(set.channel.end).toEqual([1000, expect.stringContaining('replaced this one')])
    second.text(id(1), 'Hello')
    expect(second.states).toEqual(['1 WaitingTextStart'])
    expect(set.channel.messages).toEqual([])
  })
})

describe('an admitted channel', () => {
  it('closes with the reason when its session ended before it opens', async () => {
    const account = setUpAccount()
    const sessionId = await account.open()
    const open = await admitted(account, sessionId)
    await account.call('closeSession', { SessionId: sessionId })
    const channel = open()
    expect(channel.end).toEqual([
      1000,
      expect.stringContaining('is closed: closed by closesession'),
    ])
    channel.text(id(1), 'Hello')
    expect(channel.messages).toEqual([])
    expect(account.time.countTimers()).toBe(0)
  })

  it('does not affect the next session of the same user when it opens too late', async () => {
    const account = setUpAccount()
    const sessionId = await account.open()
    const open = await admitted(account, sessionId)
    await account.call('closeSession', { SessionId: sessionId })
    const next = await account.open()
    open().text(id(1), 'Hello')
    await account.time.tickAsync(500_000)
    await account.say(next)
    await account.time.tickAsync(500_000)
    expect(account.gateway.sessions).toMatchObject([
      { sessionId, closeType: 1 },
      { sessionId: next, closeType: undefined },
    ])
    const { Sessions } = (await account.call('listSessionOfUin', {})).Payload
    expect(Sessions).toMatchObject([{ SessionId: next }])
  })

  it('closes when another channel opened first', async () => {
    const account = setUpAccount()
    const sessionId = await account.open()
    const [first, second] = [await admitted(account, sessionId), await admitted(account, sessionId)]
    const [winner, loser] = [first(), second()]
    expect(loser.end).toEqual([1000, expect.stringContaining('has a command channel already')])
    winner.text(id(1), 'Hello')
    expect(winner.states).toEqual(['1 WaitingTextStart'])
    expect(loser.messages).toEqual([])
  })
})

describe('a message on the channel', () => {
  it.each([
    ['text', 'hello'],
    ['a bare payload', '{"ReqId":"1"}'],
    ['a payload that is no object', '{"Payload":[]}'],
  ])('answers a message that is %s with Type 0 and 100001', async (_what, text) => {
    const { channel } = await setUpChannel()
    channel.raw.receive(text)
    expect(channel.messages).toMatchObject([
      { Header: { Code: 0 }, Payload: { Type: 0, ReqId: '', ErrorCode: 100001 } },
    ])
  })

  it.each([
    ['without Header', {}, {}, 'a request without Header'],
    ['with an array as Header', { Header: [] }, {}, 'a Header that is an array'],
    ['with an unknown field', { Header: {} }, { Volume: 3 }, 'Payload.Volume'],
    [
      'with a misspelt field of Data',
      { Header: {} },
      { Data: { Text: 'a', Txt: 'a' } },
      'Data.Txt',
    ],
  ])('is accepted %s, and logged once', async (_what, header, over, text) => {
    const { channel, gateway, sessionId } = await setUpChannel()
    const common = { ReqId: id(1), SessionId: sessionId, Command: 'SEND_TEXT' }
    const Payload = { ...common, Data: { Text: 'Hello' }, ...over }
    channel.raw.receive(JSON.stringify({ ...header, Payload }))
    channel.raw.receive(JSON.stringify({ ...header, Payload }))
    expect(channel.errors).toEqual([])
    expect(channel.states).toEqual(['1 WaitingTextStart'])
    const accepted = gateway.events.filter((event) => event.text.startsWith('accepted: '))
    expect(accepted).toMatchObject([{ text: expect.stringContaining(text) }])
  })

  it('answers a binary message with Type 0', async () => {
    const { channel } = await setUpChannel()
    channel.raw.receiveBinary()
    expect(channel.errors).toEqual([{ code: 100001, text: expect.stringContaining('not binary') }])
  })

  it('refuses a wrong ReqId with Type 9, the ReqId and the reason', async () => {
    const { channel, sessionId } = await setUpChannel()
    channel.text('echo-1', 'Hello')
    expect(channel.messages).toMatchObject([
      {
        Header: { Code: 0 },
        Payload: { Type: 9, SessionId: sessionId, ReqId: 'echo-1', ErrorCode: 100001 },
      },
    ])
    expect(channel.errors[0]?.text).toContain('32 hexadecimal characters')
  })

  it.each([
    ['payload', { Code: 0 }, true],
    ['header', { Code: 100001 }, false],
    ['both', { Code: 100001 }, true],
  ] as const)(
    'reports an error in the %s, following channelErrorIn',
    async (where, header, inside) => {
      const { channel } = await setUpChannel({ channelErrorIn: where })
      channel.text('echo-1', 'Hello')
      expect(channel.messages[0]).toMatchObject({ Header: header })
      expect(channel.messages[0]?.Payload.ErrorCode !== undefined).toBe(inside)
    },
  )

  it.each([
    ['SessionId', { SessionId: 'm1' }, 'the session of this channel'],
    ['Command', { Command: 'SEND_VIDEO' }, 'must be SEND_TEXT, SEND_STREAMTEXT, SEND_AUDIO'],
    ['text', { Data: { Text: '数'.repeat(1334) } }, 'at most 4000 bytes'],
  ])('refuses a wrong %s with the reason', async (_what, over, reason) => {
    const { channel } = await setUpChannel()
    channel.send('SEND_TEXT', id(1), { Text: 'Hello' }, over)
    expect(channel.errors).toEqual([{ code: 100001, text: expect.stringContaining(reason) }])
  })

  it.each([
    ['a heartbeat with PING', 'SEND_HEARTBEAT', { Text: 'PING' }],
    ['stream text with all its fields', 'SEND_STREAMTEXT', streamData],
    ['audio with VideoSeiInfo', 'SEND_AUDIO', { ...audioData, VideoSeiInfo: '{}' }],
  ])('accepts a message that is %s', async (_what, command, data) => {
    const { channel } = await setUpChannel({}, { DriverType: 3 })
    channel.send(command, id(1), data)
    expect(channel.errors).toEqual([])
  })

  it.each<readonly [string, string, object, string]>([
    ['a heartbeat without Text', 'SEND_HEARTBEAT', {}, 'Data.Text is required'],
    ['stream text without Text', 'SEND_STREAMTEXT', { Seq: 1 }, 'Data.Text is required'],
    ['stream text with half a Seq', 'SEND_STREAMTEXT', { Text: 'a', Seq: 1.5 }, 'a whole number'],
    ...['IsFinal', 'Interrupt', 'IsSentence', 'IsInsertSentence', 'SmartActionEnabled'].map(
      (name) =>
        [
          `stream text whose ${name} is a text`,
          'SEND_STREAMTEXT',
          { ...streamData, [name]: 'true' },
          `Data.${name} must be of type boolean`,
        ] as const,
    ),
    [
      'audio whose VideoSeiInfo is an object',
      'SEND_AUDIO',
      { ...audioData, VideoSeiInfo: {} },
      'VideoSeiInfo must be of type string',
    ],
    [
      'audio whose IsFinal is a text',
      'SEND_AUDIO',
      { ...audioData, IsFinal: 'no' },
      'IsFinal must be of type boolean',
    ],
  ])('refuses a message that is %s', async (_what, command, data, why) => {
    const { channel } = await setUpChannel({}, { DriverType: 3 })
    channel.send(command, id(1), data)
    expect(channel.errors).toEqual([{ code: 100001, text: expect.stringContaining(why) }])
  })

  it('keeps the channel open after a refused message', async () => {
    const { channel } = await setUpChannel()
    channel.raw.receive('nonsense')
    channel.text(id(1), 'Hello')
    expect(channel.states).toEqual(['1 WaitingTextStart'])
  })

  it('appears in the calls; its audio is recorded as a length', async () => {
    const { channel, gateway } = await setUpChannel({}, { DriverType: 3 })
    channel.audio(id(1), 1, 5_120)
    expect(gateway.calls.at(-1)).toMatchObject({
      name: 'channelMessage',
      payload: { Command: 'SEND_AUDIO', Data: { Seq: 1, Audio: '[6828 characters]' } },
      outcome: { code: 0 },
    })
  })
})

describe('idle time of the channel', () => {
  it('closes the channel after 3 minutes and the session after 10', async () => {
    const { channel, time, call, sessionId } = await setUpChannel()
    const stat = async () => (await call('statSession', { SessionId: sessionId })).Payload
    await time.tickAsync(179_999)
    expect(channel.end).toBeUndefined()
    await time.tickAsync(1)
    expect(channel.end).toEqual([1000, 'no heartbeat and no command for 180000 ms'])
    expect((await stat()).SessionStatus).toBe(1)
    await time.tickAsync(420_000)
    expect(await stat()).toMatchObject({ SessionStatus: 2, CloseType: 2 })
  })

  it('restarts with a heartbeat, which has no response and keeps the session open', async () => {
    const { channel, time, gateway } = await setUpChannel()
    for (let minutes = 0; minutes < 60; minutes += 2) {
      await time.tickAsync(120_000)
      ping(channel)
    }
    expect(channel.end).toBeUndefined()
    expect(channel.messages).toEqual([])
    expect(gateway.sessions[0]?.status).toBe(1)
  })

  it('does not restart with a refused message', async () => {
    const { channel, time } = await setUpChannel()
    await time.tickAsync(120_000)
    channel.send('SEND_HEARTBEAT', 'short', { Text: 'PING' })
    await time.tickAsync(60_000)
    expect(channel.end).toBeDefined()
  })
})

describe('the end of the session', () => {
  it.each(['closesession', 'the same UserId', 'close of the emulator'])(
    'closes the channel by %s and leaves no timer',
    async (how) => {
      const { channel, call, create, gateway, time, sessionId } = await setUpChannel({
        prepareMs: 1_000,
      })
      channel.text(id(1), 'A text that is being spoken.')
      if (how === 'closesession') await call('closeSession', { SessionId: sessionId })
      else if (how === 'the same UserId') await create()
      else await gateway.close()
      expect(channel.end).toEqual([1000, expect.stringContaining('the session is closed')])
      await gateway.close()
      expect(time.countTimers()).toBe(0)
      const told = channel.messages.length
      channel.text(id(2), 'Too late')
      expect(channel.messages).toHaveLength(told)
    },
  )
})

describe('a channel that opens again', () => {
  it('receives the speak states of the last three commands, then those of the running one', async () => {
    const set = await setUpChannel()
    const { channel, time, sessionId } = set
    for (const digit of [1, 2, 3]) {
      channel.text(id(digit), 'Hello')
      await time.tickAsync(2_000)
    }
    channel.text(id(4), 'A text that is long enough to go on.')
    await time.tickAsync(200)
    channel.raw.disconnected()
    const again = await connect(set, sessionId)
    const whole = (digit: number) =>
      ['WaitingTextStart', 'TextStart', 'WaitingTextOver', 'TextOver'].map(
        (state) => `${digit} ${state}`,
      )
    expect(again.states).toEqual([...whole(2), ...whole(3), '4 WaitingTextStart', '4 TextStart'])
    await time.tickAsync(5_000)
    expect(again.states.slice(8)).toEqual(whole(4))
  })

  it('receives the states that it missed', async () => {
    const set = await setUpChannel()
    set.channel.text(id(1), 'Hello')
    set.channel.raw.disconnected()
    await set.time.tickAsync(2_000)
    expect((await connect(set, set.sessionId)).states.at(-1)).toBe('1 TextOver')
  })

  it('receives nothing without commands', async () => {
    const set = await setUpChannel()
    set.channel.raw.disconnected()
    expect((await connect(set, set.sessionId)).messages).toEqual([])
  })
})
