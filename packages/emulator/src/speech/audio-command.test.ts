import { describe, expect, it } from 'vitest'
import { id, setUpChannel, type TestChannel } from '../testing/channel'
import { ScriptedMedia } from '../testing/scripted-media'

const packet = 5_120
const audioSession = { DriverType: 3 }

/** Sends `count` packets of a file: six at once, then one every `intervalMs`. */
async function send(
  { channel, time }: { channel: TestChannel; time: { tickAsync(ms: number): Promise<unknown> } },
  reqId: string,
  count: number,
  intervalMs = 120,
) {
  for (let seq = 1; seq <= count; seq++) {
    if (seq > 6) await time.tickAsync(intervalMs)
    channel.audio(reqId, seq, packet)
  }
}

describe('SEND_AUDIO', () => {
  it('sends the four states in order, the last after the end of the sound', async () => {
    const media = new ScriptedMedia()
    const set = await setUpChannel({ media }, audioSession)
    const { channel, time } = set
    await send(set, id(1), 20)
    expect(channel.states).toEqual(['1 WaitingAudioStart', '1 AudioStart'])
    channel.audio(id(1), 21, 0, { IsFinal: true })
    expect(channel.states.at(-1)).toBe('1 WaitingAudioOver')
    // The sound starts after 100 ms and lasts 20 × 160 ms. Sending has taken 14 × 120 ms of this time.
    await time.tickAsync(100 + 3_200 - 1_680 - 1)
    expect(channel.states.at(-1)).toBe('1 WaitingAudioOver')
    await time.tickAsync(1)
    expect(channel.states.at(-1)).toBe('1 AudioOver final 1')
    expect(channel.errors).toEqual([])
    expect(media.log).toEqual(['play'])
  })

  it('accepts IsFinal on the last packet with audio, and a shorter last packet', async () => {
    const { channel, time } = await setUpChannel({}, audioSession)
    channel.audio(id(1), 1, packet)
    channel.audio(id(1), 2, 100, { IsFinal: true })
    await time.tickAsync(2_000)
    expect(channel.states.at(-1)).toBe('1 AudioOver final 1')
  })

  it('changes SpeakStatus of statsession', async () => {
    const { channel, time, call, sessionId } = await setUpChannel({}, audioSession)
    channel.audio(id(1), 1, packet)
    await time.tickAsync(100)
    const stat = await call('statSession', { SessionId: sessionId })
    expect(stat.Payload.SpeakStatus).toBe('AudioStart')
  })

  it('needs a session of DriverType 3', async () => {
    const { channel } = await setUpChannel({}, { DriverType: 1 })
    channel.audio(id(1), 1, packet)
    expect(channel.errors).toEqual([
      { code: 100001, text: expect.stringContaining('created with DriverType 3') },
    ])
  })

  it.each([
    ['larger than 5,120 bytes', { Audio: Buffer.alloc(5_122).toString('base64') }, '5120 bytes'],
    ['of an odd number of bytes', { Audio: Buffer.alloc(3).toString('base64') }, '16-bit samples'],
    ['that is no base64', { Audio: 'a-b_' }, 'must be base64'],
    ['that is empty and not final', { Audio: '' }, 'only in the final packet'],
    ['without audio', {}, 'Audio is required'],
  ])('refuses a packet %s', async (_what, data, message) => {
    const { channel } = await setUpChannel({}, audioSession)
    channel.send('SEND_AUDIO', id(1), { Seq: 1, ...data })
    expect(channel.errors).toEqual([{ code: 100001, text: expect.stringContaining(message) }])
  })

  it('refuses a packet after a shorter one', async () => {
    const { channel } = await setUpChannel({}, audioSession)
    channel.audio(id(1), 1, 100)
    channel.audio(id(1), 2, packet)
    expect(channel.errors).toEqual([
      { code: 100001, text: expect.stringContaining('only the last packet with audio') },
    ])
  })

  it.each([
    ['begins with 0', [0], 'must be 1 in the first packet'],
    ['repeats', [1, 1], 'must be 2, got 1'],
    ['leaves one out', [1, 3], 'must be 2, got 3'],
  ])('refuses a Seq that %s', async (_what, seqs, message) => {
    const { channel } = await setUpChannel({}, audioSession)
    for (const seq of seqs) channel.audio(id(1), seq, packet)
    expect(channel.errors).toEqual([{ code: 100001, text: expect.stringContaining(message) }])
  })

  it('stops at once at the Android SDK’s interrupt', async () => {
    const media = new ScriptedMedia()
    const { channel, time } = await setUpChannel({ media }, audioSession)
    channel.audio(id(1), 1, packet)
    await time.tickAsync(150)
    channel.send('SEND_AUDIO', id(1), { Interrupt: true })
    expect(media.log).toEqual(['play', 'hush'])
    channel.audio(id(1), 2, packet)
    expect(channel.errors).toEqual([{ code: 110015, text: expect.stringContaining('interrupted') }])
    await time.tickAsync(120)
    expect(channel.states.at(-1)).toBe('1 AudioOver final 3')
    expect(media.log).toEqual(['play', 'hush'])
  })
})

describe('the pace of audio', () => {
  it.each([120, 160])('accepts a packet every %i ms after six at once', async (interval) => {
    const set = await setUpChannel({}, audioSession)
    await send(set, id(1), 60, interval)
    expect(set.channel.errors).toEqual([])
    expect(set.gateway.events.filter(({ text }) => text.includes('stutters'))).toEqual([])
  })

  it('refuses a faster packet with 100012, and accepts it later', async () => {
    const { channel, time } = await setUpChannel({}, audioSession)
    for (let seq = 1; seq <= 8; seq++) channel.audio(id(1), seq, packet)
    expect(channel.errors).toEqual([
      { code: 100012, text: expect.stringContaining('audio comes too fast') },
    ])
    await time.tickAsync(120)
    channel.audio(id(1), 8, packet)
    expect(channel.errors).toHaveLength(1)
  })

  it('allows a burst after slow packets, but not the whole delay', async () => {
    const set = await setUpChannel({}, audioSession)
    const { channel } = set
    await send(set, id(1), 375, 160)
    await set.time.tickAsync(160)
    for (let seq = 376; seq <= 382; seq++) channel.audio(id(1), seq, packet)
    expect(channel.errors).toEqual([])
    channel.audio(id(1), 383, packet)
    expect(channel.errors).toMatchObject([{ code: 100012 }])
  })

  it('accepts and logs faster audio with audioTooFast throttle', async () => {
    const { channel, gateway } = await setUpChannel({ audioTooFast: 'throttle' }, audioSession)
    for (let seq = 1; seq <= 8; seq++) channel.audio(id(1), seq, packet)
    expect(channel.errors).toEqual([])
    expect(gateway.events.at(-1)?.text).toContain('audio comes too fast')
  })

  it('stutters with slower packets', async () => {
    const set = await setUpChannel({}, audioSession)
    await send(set, id(1), 40, 220)
    expect(set.channel.errors).toEqual([])
    expect(set.gateway.events.some(({ text }) => text.includes('stutters'))).toBe(true)
  })

  it('ends with FinalType 2 when the packets stop', async () => {
    const { channel, time } = await setUpChannel({}, { ...audioSession, StreamMaxInterval: 2_500 })
    channel.audio(id(1), 1, packet)
    await time.tickAsync(2_499)
    expect(channel.states).toEqual(['1 WaitingAudioStart', '1 AudioStart'])
    await time.tickAsync(1)
    expect(channel.states.slice(2)).toEqual(['1 WaitingAudioOver'])
    channel.audio(id(1), 2, packet)
    await time.tickAsync(1)
    expect(channel.states.at(-1)).toBe('1 AudioOver final 2')
    channel.audio(id(1), 2, packet)
    expect(channel.errors).toMatchObject([{ code: 110015 }, { code: 110015 }])
  })
})

describe('the order of commands', () => {
  it('starts audio only after the interrupted text is over', async () => {
    const { channel, time } = await setUpChannel({}, audioSession)
    channel.text(id(1), 'A text of some length.')
    await time.tickAsync(200)
    channel.audio(id(2), 1, packet)
    expect(channel.errors).toEqual([
      { code: 110015, text: expect.stringContaining('interrupt it with an empty SEND_TEXT') },
    ])
    channel.text(id(3), '', { Interrupt: true })
    channel.audio(id(2), 1, packet)
    await time.tickAsync(119)
    channel.audio(id(2), 1, packet)
    expect(channel.errors.map(({ code }) => code)).toEqual([110015, 110015, 110015])
    await time.tickAsync(1)
    channel.audio(id(2), 1, packet)
    expect(channel.states.slice(-2)).toEqual(['1 TextOver', '2 WaitingAudioStart'])
    expect(channel.errors).toHaveLength(3)
  })

  it('starts no command while audio plays', async () => {
    const { channel, time } = await setUpChannel({}, audioSession)
    channel.audio(id(1), 1, packet)
    await time.tickAsync(100)
    channel.text(id(2), 'Hello')
    channel.text(id(3), '', { Interrupt: true })
    channel.stream(id(4), 1, 'Hello.')
    channel.audio(id(5), 1, packet)
    expect(channel.errors.map(({ code }) => code)).toEqual([110015, 110015, 110015, 110015])
    expect(channel.errors[0]?.text).toContain('wait for AudioOver')
    channel.audio(id(1), 2, 0, { IsFinal: true })
    await time.tickAsync(200)
    expect(channel.states.at(-1)).toBe('1 AudioOver final 1')
    channel.text(id(2), 'Hello')
    expect(channel.errors).toHaveLength(4)
  })
})
