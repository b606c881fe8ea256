import { describe, expect, it } from 'vitest'
import { id, setUpChannel, type TestChannel } from '../testing/channel'

const drives: [string, (channel: TestChannel) => void, string[]][] = [
  ['a text', (channel) => channel.text(id(1), 'Hello'), ['1 WaitingTextStart', '1 Error']],
  [
    'stream text',
    (channel) => channel.stream(id(1), 1, 'Hello.', { IsSentence: true }),
    ['1 WaitingTextStart', '1 Error'],
  ],
  ['audio', (channel) => channel.audio(id(1), 1, 5_120), ['1 WaitingAudioStart', '1 Error']],
]

describe('a failed command', () => {
  it.each(drives)(
    'by %s is reported with Type 9, -111005 and Error',
    async (_name, drive, states) => {
      const { channel, call, gateway, sessionId, time } = await setUpChannel({}, { DriverType: 3 })
      gateway.faults.plan([{ on: 'speech', speechFails: true }])
      drive(channel)
      await time.tickAsync(10_000)
      expect(channel.states).toEqual(states)
      expect(channel.errors).toEqual([{ code: -111005, text: expect.stringContaining('a fault') }])
      expect((await call('statSession', { SessionId: sessionId })).Payload).toMatchObject({
        SessionStatus: 1,
        SpeakStatus: 'Error',
      })
    },
  )

  it.each(drives)('by %s allows the next command', async (_name, drive) => {
    const { channel, gateway, time } = await setUpChannel({}, { DriverType: 3 })
    gateway.faults.plan([{ on: 'speech', speechFails: true }])
    drive(channel)
    await time.tickAsync(2_000)
    channel.text(id(2), 'Hello')
    await time.tickAsync(2_000)
    expect(channel.states.at(-1)).toBe('2 TextOver')
    expect(channel.errors).toHaveLength(1)
  })

  it('accepts no further packet of its ReqId', async () => {
    const { channel, gateway, time } = await setUpChannel()
    gateway.faults.plan([{ on: 'speech', speechFails: true }])
    channel.stream(id(1), 1, 'Hello.', { IsSentence: true })
    await time.tickAsync(200)
    channel.stream(id(1), 2, 'More.', { IsSentence: true })
    expect(channel.errors.at(-1)).toEqual({
      code: 110015,
      text: expect.stringContaining('the command of this ReqId is over'),
    })
  })

  it('does not fail when the fault names another session', async () => {
    const { channel, gateway, time } = await setUpChannel()
    gateway.faults.plan([{ on: 'speech', sessionId: 'm1', speechFails: true }])
    channel.text(id(1), 'Hello')
    await time.tickAsync(2_000)
    expect(channel.states.at(-1)).toBe('1 TextOver')
    expect(gateway.faults.pending).toHaveLength(1)
  })

  it('fails with the next sound when an empty stream comes first', async () => {
    const { channel, gateway, time } = await setUpChannel()
    gateway.faults.plan([{ on: 'speech', speechFails: true }])
    channel.stream(id(1), 1, '', { IsSentence: true, IsFinal: true })
    await time.tickAsync(2_000)
    expect(channel.states.at(-1)).toBe('1 TextOver final 1')
    channel.text(id(2), 'Hello')
    await time.tickAsync(2_000)
    expect(channel.states.at(-1)).toBe('2 Error')
  })

  it('keeps a fault without a target for the next HTTP call', async () => {
    const { channel, gateway, time } = await setUpChannel()
    gateway.faults.plan([{ status: 503 }])
    channel.text(id(1), 'Hello')
    await time.tickAsync(2_000)
    expect(channel.states.at(-1)).toBe('1 TextOver')
    expect(gateway.faults.pending).toHaveLength(1)
  })
})

describe('faults of speech', () => {
  it.each([
    ['speechFails', { on: 'command', speechFails: true }, 'needs on: "speech"'],
    ['a drive', { on: 'speech', status: 503 }, 'has no effect on a speech'],
  ])('reject another plan: %s', async (_what, fault, why) => {
    const { gateway } = await setUpChannel()
    expect(() => gateway.faults.plan([fault as never])).toThrow(why)
  })
})
