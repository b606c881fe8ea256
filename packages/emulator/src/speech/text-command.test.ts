import { describe, expect, it } from 'vitest'
import { reqId } from '../testing/account'
import { id, setUpChannel } from '../testing/channel'
import { ScriptedMedia } from '../testing/scripted-media'

/** Text of 10 characters: 700 ms of speech. */
const text = '0123456789'

describe('SEND_TEXT', () => {
  it('sends the four states in order, at their times', async () => {
    const media = new ScriptedMedia()
    const { channel, time } = await setUpChannel({ media })
    channel.text(id(1), text)
    expect(channel.states).toEqual(['1 WaitingTextStart'])
    await time.tickAsync(100)
    expect(channel.states.at(-1)).toBe('1 TextStart')
    expect(media.log).toEqual([`say ${text}`])
    await time.tickAsync(599)
    expect(channel.states.at(-1)).toBe('1 TextStart')
    await time.tickAsync(1)
    expect(channel.states.at(-1)).toBe('1 WaitingTextOver')
    await time.tickAsync(100)
    expect(channel.states).toEqual([
      '1 WaitingTextStart',
      '1 TextStart',
      '1 WaitingTextOver',
      '1 TextOver',
    ])
    expect(channel.errors).toEqual([])
  })

  it('is echoed with Type 1 before its states', async () => {
    const { channel, sessionId, say, time } = await setUpChannel()
    channel.text(id(1), text)
    await time.tickAsync(5_000)
    expect(channel.messages.map(({ Payload }) => Payload.Type)).toEqual([1, 3, 3, 3, 3])
    expect(channel.messages[0]).toMatchObject({
      Header: { Code: 0 },
      Payload: { Type: 1, SessionId: sessionId, ReqId: id(1), Seq: 0, Text: text },
    })
    channel.messages.length = 0
    await say(sessionId, { Text: 'over HTTP' })
    expect(channel.messages[0]?.Payload).toMatchObject({ Type: 1, Text: 'over HTTP' })
  })

  it('is not echoed when it is refused or has no text', async () => {
    const { channel } = await setUpChannel()
    channel.text(id(1), text)
    channel.text(id(2), text)
    channel.text(id(3), '', { Interrupt: true })
    expect(channel.messages.filter(({ Payload }) => Payload.Type === 1)).toHaveLength(1)
  })

  it('sends two states without waitingStates', async () => {
    const { channel, time } = await setUpChannel({ waitingStates: false, speechDelayMs: 0 })
    channel.text(id(1), text)
    await time.tickAsync(5_000)
    expect(channel.states).toEqual(['1 TextStart', '1 TextOver'])
  })

  it('reports a command over HTTP on the channel', async () => {
    const { channel, time, say, sessionId } = await setUpChannel()
    await say(sessionId, { Text: text })
    await time.tickAsync(5_000)
    expect(channel.messages.map(({ Payload }) => Payload.ReqId)).toEqual(Array(5).fill(reqId))
  })

  it('moves SpeakStatus of statsession', async () => {
    const { channel, time, call, sessionId } = await setUpChannel()
    const status = async () =>
      (await call('statSession', { SessionId: sessionId })).Payload.SpeakStatus
    channel.text(id(1), text)
    expect(await status()).toBe('WaitingTextStart')
    await time.tickAsync(700)
    expect(await status()).toBe('WaitingTextOver')
    await time.tickAsync(100)
    expect(await status()).toBe('TextOver')
  })

  it('does not speak SSML tags, but keeps their pauses', async () => {
    const { channel, time } = await setUpChannel()
    channel.text(id(1), '<speak>ab<break time="1s"/>cd</speak>')
    await time.tickAsync(100 + 4 * 70 + 1_000 - 1)
    expect(channel.states.at(-1)).toBe('1 WaitingTextOver')
    await time.tickAsync(1)
    expect(channel.states.at(-1)).toBe('1 TextOver')
  })

  it('replaces the previous text, whose TextOver comes first', async () => {
    const media = new ScriptedMedia()
    const { channel, time } = await setUpChannel({ media })
    channel.text(id(1), text.repeat(10))
    await time.tickAsync(1_500)
    channel.text(id(2), text)
    await time.tickAsync(5_000)
    expect(channel.states).toEqual([
      '1 WaitingTextStart',
      '1 TextStart',
      '1 TextOver',
      '2 WaitingTextStart',
      '2 TextStart',
      '2 WaitingTextOver',
      '2 TextOver',
    ])
    expect(media.log).toEqual([`say ${text.repeat(10)}`, 'hush', `say ${text}`])
  })
})

describe('an interrupt by SEND_TEXT', () => {
  it('silences the text at once and reports its end after interruptDelayMs', async () => {
    const media = new ScriptedMedia()
    const { channel, time } = await setUpChannel({ media })
    channel.text(id(1), text.repeat(10))
    await time.tickAsync(200)
    channel.text(id(2), '', { Interrupt: true })
    expect(media.log).toEqual([`say ${text.repeat(10)}`, 'hush'])
    await time.tickAsync(119)
    expect(channel.states.at(-1)).toBe('1 TextStart')
    await time.tickAsync(1)
    expect(channel.states.at(-1)).toBe('1 TextOver')
    await time.tickAsync(10_000)
    expect(channel.states).toHaveLength(3)
    expect(media.log).toHaveLength(2)
  })

  it('ends the text once when it is sent twice', async () => {
    const { channel, time } = await setUpChannel({ interruptDelayMs: 50 })
    channel.text(id(1), text)
    await time.tickAsync(200)
    channel.text(id(2), '', { Interrupt: true })
    await time.tickAsync(40)
    channel.text(id(2), '', { Interrupt: true })
    await time.tickAsync(10)
    expect(channel.states.at(-1)).toBe('1 TextOver')
    await time.tickAsync(10_000)
    expect(channel.states).toHaveLength(3)
  })

  it('sends its TextOver before the states of a text that follows at once', async () => {
    const { channel, time } = await setUpChannel({ textSpacingMs: 0 })
    channel.text(id(1), text)
    await time.tickAsync(200)
    channel.text(id(2), '', { Interrupt: true })
    channel.text(id(3), text)
    await time.tickAsync(100)
    expect(channel.states.slice(2)).toEqual(['1 TextOver', '3 WaitingTextStart', '3 TextStart'])
    await time.tickAsync(5_000)
    expect(channel.states.at(-1)).toBe('3 TextOver')
    expect(channel.errors).toEqual([])
  })

  it('leaves no timer when the session ends before its TextOver', async () => {
    const { channel, time, gateway } = await setUpChannel()
    channel.text(id(1), text)
    await time.tickAsync(200)
    channel.text(id(2), '', { Interrupt: true })
    await gateway.close()
    expect(time.countTimers()).toBe(0)
  })

  it('is refused with 110015 before TextStart', async () => {
    const { channel, time } = await setUpChannel()
    channel.text(id(1), text)
    channel.send('SEND_TEXT', id(2), { Interrupt: true })
    expect(channel.errors).toEqual([
      { code: 110015, text: expect.stringContaining('only after TextStart') },
    ])
    await time.tickAsync(5_000)
    expect(channel.states.at(-1)).toBe('1 TextOver')
  })

  it('has no effect with a text, which replaces the old one', async () => {
    const { channel, time } = await setUpChannel({ textSpacingMs: 0 })
    channel.text(id(1), text)
    channel.text(id(2), text, { Interrupt: true })
    await time.tickAsync(5_000)
    expect(channel.errors).toEqual([])
    expect(channel.states.at(-1)).toBe('2 TextOver')
  })

  it('has no effect without speech', async () => {
    const { channel } = await setUpChannel()
    channel.send('SEND_TEXT', id(1), { Interrupt: true })
    expect(channel.messages).toEqual([])
  })

  it('ends stream text', async () => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, 'A sentence.', { IsSentence: true })
    await time.tickAsync(200)
    channel.text(id(2), '', { Interrupt: true })
    await time.tickAsync(120)
    expect(channel.states.at(-1)).toBe('1 TextOver final 3')
  })
})

describe('the ReqId of a text', () => {
  it('is accepted again with the same text, which is spoken once', async () => {
    const { channel, time, gateway } = await setUpChannel()
    for (const _delivery of [1, 2]) channel.text(id(1), text)
    await time.tickAsync(5_000)
    channel.text(id(1), text)
    await time.tickAsync(5_000)
    expect(channel.states).toHaveLength(4)
    expect(channel.errors).toEqual([])
    expect(gateway.events.filter(({ text }) => text.includes('not spoken again'))).toHaveLength(2)
  })

  it('may be used again after a refusal', async () => {
    const { channel, time } = await setUpChannel()
    channel.text(id(1), text)
    channel.text(id(2), text)
    await time.tickAsync(1_001)
    channel.text(id(2), text)
    expect(channel.states.at(-1)).toBe('2 WaitingTextStart')
  })

  it('is refused with 100001 for another text', async () => {
    const { channel, time } = await setUpChannel()
    channel.text(id(1), text)
    await time.tickAsync(5_000)
    channel.text(id(1), 'Another')
    channel.text(id(2), 'Another')
    channel.stream(id(2), 1, 'A sentence.')
    expect(channel.errors).toEqual([
      { code: 100001, text: expect.stringContaining('ReqId was used for another command') },
      { code: 100001, text: expect.stringContaining('ReqId was used for another command') },
    ])
    expect(channel.states.slice(4)).toEqual(['2 WaitingTextStart'])
  })

  it('is refused with 100001 after a stream with it', async () => {
    const { channel } = await setUpChannel()
    channel.stream(id(1), 1, 'A sentence.')
    channel.text(id(1), text)
    expect(channel.errors).toMatchObject([{ code: 100001 }])
    expect(channel.states).toEqual(['1 WaitingTextStart'])
  })

  it('has the same response when HTTP delivers it twice', async () => {
    const { channel, time, gateway, say, sessionId } = await setUpChannel()
    gateway.faults.plan([{ on: 'command', duplicate: true }])
    expect(await say(sessionId)).toMatchObject({ Code: 0 })
    await time.tickAsync(5_000)
    expect(channel.states).toHaveLength(4)
  })
})

describe('a SEND_TEXT without effect', () => {
  it.each([
    ['without Text and Interrupt', {}],
    ['with an empty Text', { Text: '' }],
    ['with Interrupt false', { Text: '', Interrupt: false }],
  ])('refuses %s with 100001', async (_what, data) => {
    const { channel, say, sessionId } = await setUpChannel()
    const text = expect.stringContaining('needs a Text to speak, or Interrupt true without one')
    channel.send('SEND_TEXT', id(1), data)
    expect(channel.errors).toEqual([{ code: 100001, text }])
    expect(await say(sessionId, data)).toMatchObject({ Code: 100001, Message: text })
  })
})

describe('the spacing of texts', () => {
  it('must be more than one second', async () => {
    const { channel, time } = await setUpChannel()
    channel.text(id(1), text)
    await time.tickAsync(1_000)
    channel.text(id(2), text)
    expect(channel.errors).toEqual([
      {
        code: 100012,
        text: 'FrequencyLimitExceeded:this text comes 1000 ms after the previous one; more than 1000 ms must lie between two',
      },
    ])
    await time.tickAsync(1)
    channel.text(id(3), text)
    expect(channel.errors).toHaveLength(1)
    expect(channel.states.at(-1)).toBe('3 WaitingTextStart')
  })

  it('counts HTTP and the channel together', async () => {
    const { channel, time, call, sessionId: SessionId } = await setUpChannel()
    const say = (ReqId: string) =>
      call('command', { ReqId, SessionId, Command: 'SEND_TEXT', Data: { Text: text } })
    expect(await say(id(1))).toMatchObject({ Code: 0 })
    channel.text(id(2), text)
    expect(channel.errors).toMatchObject([{ code: 100012 }])
    expect(await say(id(3))).toMatchObject({ Code: 100012 })
    await time.tickAsync(1_001)
    expect(await say(id(3))).toMatchObject({ Code: 0 })
  })

  it('counts each session separately', async () => {
    const { open, say } = await setUpChannel()
    const other = await open({ UserId: 'kiosk-2' })
    const third = await open({ UserId: 'kiosk-3' })
    expect(await say(other)).toMatchObject({ Code: 0 })
    expect(await say(third)).toMatchObject({ Code: 0 })
  })

  it('ignores interrupts, and can be disabled', async () => {
    const { channel, time } = await setUpChannel({ textSpacingMs: 0 })
    channel.text(id(1), text)
    channel.text(id(2), text)
    await time.tickAsync(200)
    channel.text(id(3), '', { Interrupt: true })
    channel.text(id(4), text)
    expect(channel.errors).toEqual([])
  })
})
