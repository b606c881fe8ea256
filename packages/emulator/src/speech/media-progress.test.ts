import { describe, expect, it } from 'vitest'
import { id, setUpChannel } from '../testing/channel'
import { ScriptedMedia } from '../testing/scripted-media'

async function setUp(create: object = {}) {
  const media = new ScriptedMedia()
  media.tellsProgress = true
  const set = await setUpChannel({ media }, create)
  return { ...set, media }
}

describe('the states of a human that reports its progress', () => {
  it('follow the sound of a text instead of an estimate', async () => {
    const { channel, media, time } = await setUp()
    channel.text(id(1), 'Hello')
    await time.tickAsync(60_000)
    expect(channel.states).toEqual(['1 WaitingTextStart'])
    media.speeches[0]?.start()
    await time.tickAsync(30_000)
    expect(channel.states).toEqual(['1 WaitingTextStart', '1 TextStart'])
    media.speeches[0]?.finish()
    await time.tickAsync(0)
    expect(channel.states.slice(2)).toEqual(['1 WaitingTextOver', '1 TextOver'])
  })

  it('are not sent for an interrupted text', async () => {
    const { channel, media, time } = await setUp()
    channel.text(id(1), 'Hello')
    await time.tickAsync(100)
    media.speeches[0]?.start()
    await time.tickAsync(0)
    channel.text(id(2), '', { Interrupt: true })
    media.speeches[0]?.finish()
    await time.tickAsync(1_000)
    expect(channel.states).toEqual(['1 WaitingTextStart', '1 TextStart', '1 TextOver'])
    expect(media.log).toEqual(['say Hello', 'hush'])
  })

  it('end with Error when the voice fails, and the event log has the reason', async () => {
    const { channel, gateway, media, time } = await setUp()
    channel.text(id(1), 'Hello')
    await time.tickAsync(100)
    media.speeches[0]?.fail('install a voice')
    await time.tickAsync(0)
    expect(channel.states.at(-1)).toBe('1 Error')
    expect(channel.errors).toEqual([
      { code: -111005, text: 'DriveFailed:the human could not speak: install a voice' },
    ])
    expect(JSON.stringify(gateway.events)).toContain('could not speak: install a voice')
  })

  it('follow each sentence of a stream', async () => {
    const { channel, media, time } = await setUp()
    channel.stream(id(1), 1, 'First one.', { IsSentence: true })
    channel.stream(id(1), 2, 'Second.', { IsSentence: true, IsFinal: true })
    await time.tickAsync(5_000)
    expect(channel.states).toEqual(['1 WaitingTextStart'])
    media.speeches[0]?.start()
    await time.tickAsync(0)
    media.speeches[0]?.finish()
    await time.tickAsync(0)
    media.speeches[1]?.start()
    await time.tickAsync(0)
    media.speeches[1]?.finish()
    await time.tickAsync(1_000)
    expect(channel.states.slice(1)).toEqual([
      '1 TextStart',
      '1 SentenceStart #1',
      '1 SentenceOver #1',
      '1 SentenceStart #2',
      '1 SentenceOver #2',
      '1 WaitingTextOver',
      '1 TextOver final 1',
    ])
  })

  it('follow the sound of a caller’s audio, of which the human receives every byte', async () => {
    const { channel, media, time } = await setUp({ DriverType: 3 })
    channel.audio(id(1), 1, 5_120)
    channel.audio(id(1), 2, 5_120)
    await time.tickAsync(100)
    channel.audio(id(1), 3, 320)
    media.speeches[0]?.start()
    await time.tickAsync(0)
    channel.audio(id(1), 4, 0, { IsFinal: true })
    await time.tickAsync(60_000)
    expect(channel.states).toEqual(['1 WaitingAudioStart', '1 AudioStart', '1 WaitingAudioOver'])
    media.speeches[0]?.finish()
    await time.tickAsync(0)
    expect(channel.states.at(-1)).toBe('1 AudioOver final 1')
    expect(media.log).toEqual(['play', 'write 5120', 'write 5120', 'write 320', 'end'])
  })
})

it('appear in the SEI together with VideoSeiInfo', async () => {
  const { channel, media, time } = await setUp()
  channel.text(id(1), 'Hello', { VideoSeiInfo: '{"slide":3}' })
  await time.tickAsync(100)
  media.speeches[0]?.start()
  await time.tickAsync(0)
  media.speeches[0]?.finish()
  await time.tickAsync(0)
  expect(media.notes).toEqual(['TextStart {"slide":3}', 'TextOver'])
})
