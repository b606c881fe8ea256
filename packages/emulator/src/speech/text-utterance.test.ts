import { describe, expect, it } from 'vitest'
import { reqId } from '../testing/account'
import { id, setUpChannel } from '../testing/channel'
import { ScriptedMedia } from '../testing/scripted-media'

/** 10 characters: 700 ms of speech. */
const text = '0123456789'

describe('SEND_TEXT', () => {
  it('tells the four states in order, at their times', async () => {
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

  it('tells two states without waitingStates', async () => {
    const { channel, time } = await setUpChannel({ waitingStates: false, speechDelayMs: 0 })
    channel.text(id(1), text)
    await time.tickAsync(5_000)
    expect(channel.states).toEqual(['1 TextStart', '1 TextOver'])
  })

  it('is told over the channel also when it came by HTTP', async () => {
    const { channel, time, say, sessionId } = await setUpChannel()
    await say(sessionId, { Text: text })
    await time.tickAsync(5_000)
    expect(channel.messages.map(({ Payload }) => Payload.ReqId)).toEqual(Array(4).fill(reqId))
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

  it('does not speak its SSML tags, and keeps their pauses', async () => {
    const { channel, time } = await setUpChannel()
    channel.text(id(1), '<speak>ab<break time="1s"/>cd</speak>')
    await time.tickAsync(100 + 4 * 70 + 1_000 - 1)
    expect(channel.states.at(-1)).toBe('1 WaitingTextOver')
    await time.tickAsync(1)
    expect(channel.states.at(-1)).toBe('1 TextOver')
  })

  it('takes the place of the text before, whose TextOver comes first', async () => {
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
  it('silences the text at once and tells its end interruptDelayMs later', async () => {
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

  it('that comes twice ends the text once', async () => {
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

  it('and a text that does not wait for its TextOver: it comes first all the same', async () => {
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

  it('whose end is yet to be told leaves no timer when the session ends', async () => {
    const { channel, time, gateway } = await setUpChannel()
    channel.text(id(1), text)
    await time.tickAsync(200)
    channel.text(id(2), '', { Interrupt: true })
    await gateway.close()
    expect(time.countTimers()).toBe(0)
  })

  it('before TextStart is refused with 110015', async () => {
    const { channel, time } = await setUpChannel()
    channel.text(id(1), text)
    channel.send('SEND_TEXT', id(2), { Interrupt: true })
    expect(channel.errors).toEqual([
      { code: 110015, text: expect.stringContaining('only after TextStart') },
    ])
    await time.tickAsync(5_000)
    expect(channel.states.at(-1)).toBe('1 TextOver')
  })

  it('that comes with a text counts for nothing: the text takes the place of the old', async () => {
    const { channel, time } = await setUpChannel({ textSpacingMs: 0 })
    channel.text(id(1), text)
    channel.text(id(2), text, { Interrupt: true })
    await time.tickAsync(5_000)
    expect(channel.errors).toEqual([])
    expect(channel.states.at(-1)).toBe('2 TextOver')
  })

  it('while nothing is spoken does nothing', async () => {
    const { channel } = await setUpChannel()
    channel.send('SEND_TEXT', id(1), { Interrupt: true })
    expect(channel.messages).toEqual([])
  })

  it('ends a stream of text, too', async () => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, 'A sentence.', { IsSentence: true })
    await time.tickAsync(200)
    channel.text(id(2), '', { Interrupt: true })
    await time.tickAsync(120)
    expect(channel.states.at(-1)).toBe('1 TextOver final 3')
  })
})

describe('the ReqId of a text', () => {
  it('that comes again with the same text is spoken once, and not refused', async () => {
    const { channel, time, gateway } = await setUpChannel()
    for (const _delivery of [1, 2]) channel.text(id(1), text)
    await time.tickAsync(5_000)
    channel.text(id(1), text)
    await time.tickAsync(5_000)
    expect(channel.states).toHaveLength(4)
    expect(channel.errors).toEqual([])
    expect(gateway.events.filter(({ text }) => text.includes('not spoken again'))).toHaveLength(2)
  })

  it('that was refused may come again', async () => {
    const { channel, time } = await setUpChannel()
    channel.text(id(1), text)
    channel.text(id(2), text)
    await time.tickAsync(1_001)
    channel.text(id(2), text)
    expect(channel.states.at(-1)).toBe('2 WaitingTextStart')
  })

  it('that comes again with another text is refused with 100001', async () => {
    const { channel, time } = await setUpChannel()
    channel.text(id(1), text)
    await time.tickAsync(5_000)
    channel.text(id(1), 'Another')
    channel.text(id(2), 'Another')
    channel.stream(id(2), 1, 'A sentence.')
    expect(channel.errors).toEqual([
      { code: 100001, text: expect.stringContaining('ReqId was used for another drive') },
      { code: 100001, text: expect.stringContaining('ReqId was used for another drive') },
    ])
    expect(channel.states.slice(4)).toEqual(['2 WaitingTextStart'])
  })

  it('of a stream is refused with 100001', async () => {
    const { channel } = await setUpChannel()
    channel.stream(id(1), 1, 'A sentence.')
    channel.text(id(1), text)
    expect(channel.errors).toMatchObject([{ code: 100001 }])
    expect(channel.states).toEqual(['1 WaitingTextStart'])
  })

  it('delivered twice over HTTP is answered the same', async () => {
    const { channel, time, gateway, say, sessionId } = await setUpChannel()
    gateway.faults.plan([{ on: 'command', duplicate: true }])
    expect(await say(sessionId)).toMatchObject({ Code: 0 })
    await time.tickAsync(5_000)
    expect(channel.states).toHaveLength(4)
  })
})

describe('a SEND_TEXT with nothing to do', () => {
  it.each([
    ['without Text and Interrupt', {}],
    ['with an empty Text', { Text: '' }],
    ['with Interrupt false', { Text: '', Interrupt: false }],
  ])('%s is refused with 100001', async (_what, data) => {
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
        text: 'FrequencyLimitExceeded:1000 ms after the text before; more than 1000 ms must lie between two',
      },
    ])
    await time.tickAsync(1)
    channel.text(id(3), text)
    expect(channel.errors).toHaveLength(1)
    expect(channel.states.at(-1)).toBe('3 WaitingTextStart')
  })

  it('is counted over HTTP and the channel together', async () => {
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

  it('is of each session by itself', async () => {
    const { open, say } = await setUpChannel()
    const other = await open({ UserId: 'kiosk-2' })
    const third = await open({ UserId: 'kiosk-3' })
    expect(await say(other)).toMatchObject({ Code: 0 })
    expect(await say(third)).toMatchObject({ Code: 0 })
  })

  it('does not count interrupts, and can be switched off', async () => {
    const { channel, time } = await setUpChannel({ textSpacingMs: 0 })
    channel.text(id(1), text)
    channel.text(id(2), text)
    await time.tickAsync(200)
    channel.text(id(3), '', { Interrupt: true })
    channel.text(id(4), text)
    expect(channel.errors).toEqual([])
  })
})
