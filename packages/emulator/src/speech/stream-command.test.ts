import { describe, expect, it } from 'vitest'
import { connect, id, setUpChannel } from '../testing/channel'

const sentence = { IsSentence: true }
/** Text of 10 characters: 700 ms of speech. */
const ten = 'ABCDEFGHI.'

describe('sentence mode', () => {
  it('reports each sentence and asks for the next', async () => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, ten, sentence)
    expect(channel.states).toEqual(['1 WaitingTextStart'])
    await time.tickAsync(100)
    expect(channel.states.slice(1)).toEqual([
      '1 TextStart',
      '1 SentenceStart #1',
      '1 SentenceNext #1',
    ])
    channel.stream(id(1), 2, ten, { ...sentence, IsFinal: true })
    await time.tickAsync(2_000)
    expect(channel.states.slice(4)).toEqual([
      '1 SentenceOver #1',
      '1 SentenceStart #2',
      '1 SentenceOver #2',
      '1 WaitingTextOver',
      '1 TextOver final 1',
    ])
    expect(channel.errors).toEqual([])
  })

  it('sends the text with each sentence', async () => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, 'An <word>apple</word>.', { ...sentence, IsFinal: true })
    await time.tickAsync(5_000)
    expect(channel.messages.find(({ Payload }) => Payload.Type === 2)?.Payload).toMatchObject({
      ReqId: id(1),
      Seq: 1,
      TextPro: 'An <word>apple</word>.',
      TextDisplay: 'An apple.',
      ContentType: '1',
    })
  })

  it('does not ask for the next while sentences wait', async () => {
    const { channel, time } = await setUpChannel()
    for (const seq of [1, 2, 3]) channel.stream(id(1), seq, ten, sentence)
    await time.tickAsync(3_000)
    expect(channel.states.filter((state) => state.includes('Next'))).toEqual(['1 SentenceNext #3'])
  })

  it('waits for the next sentence without a limit', async () => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, ten, sentence)
    await time.tickAsync(60_000)
    expect(channel.states.at(-1)).toBe('1 SentenceOver #1')
    channel.stream(id(1), 2, '', { IsFinal: true })
    await time.tickAsync(200)
    expect(channel.states.at(-1)).toBe('1 TextOver final 1')
  })

  it('speaks inserted sentences first, in their order', async () => {
    const { channel, time } = await setUpChannel()
    for (const seq of [1, 2, 3, 4]) channel.stream(id(1), seq, ten, sentence)
    await time.tickAsync(900)
    expect(channel.states.at(-1)).toBe('1 SentenceStart #2')
    channel.stream(id(1), 5, ten, { ...sentence, IsInsertSentence: true })
    channel.stream(id(1), 6, ten, { ...sentence, IsInsertSentence: true, IsFinal: true })
    await time.tickAsync(10_000)
    const started = channel.states.filter((state) => state.includes('SentenceStart'))
    expect(started.map((state) => state.at(-1))).toEqual(['1', '2', '5', '6', '3', '4'])
  })

  it('refuses an insert without IsSentence', async () => {
    const { channel } = await setUpChannel()
    channel.stream(id(1), 1, ten, { IsInsertSentence: true })
    expect(channel.errors).toEqual([
      { code: 100001, text: expect.stringContaining('IsInsertSentence needs IsSentence') },
    ])
  })

  it('refuses a fragment', async () => {
    const { channel } = await setUpChannel()
    channel.stream(id(1), 1, ten, sentence)
    channel.stream(id(1), 2, ten)
    expect(channel.errors).toEqual([
      { code: 100001, text: expect.stringContaining('must be the same in every packet') },
    ])
  })
})

describe('fragment mode', () => {
  it('finds the sentences itself and reports none of them', async () => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, 'Our opening')
    channel.stream(id(1), 2, ' hours! Nine')
    channel.stream(id(1), 3, ' to five.', { IsFinal: true })
    await time.tickAsync(10_000)
    expect(channel.states).toEqual([
      '1 WaitingTextStart',
      '1 TextStart',
      '1 WaitingTextOver',
      '1 TextOver final 1',
    ])
    const spoken = channel.messages.filter(({ Payload }) => Payload.Type === 2)
    expect(spoken.map(({ Payload: { Seq, Text } }) => [Seq, Text])).toEqual([
      [1, 'Our opening hours!'],
      [2, ' Nine to five.'],
    ])
  })

  it('ends after StreamMaxInterval with FinalType 2', async () => {
    const { channel, time } = await setUpChannel({}, { StreamMaxInterval: 3_000 })
    channel.stream(id(1), 1, 'Our opening')
    await time.tickAsync(2_999)
    expect(channel.states).toEqual(['1 WaitingTextStart'])
    await time.tickAsync(5_000)
    expect(channel.states.at(-1)).toBe('1 TextOver final 2')
    channel.stream(id(1), 2, ' hours')
    expect(channel.errors).toEqual([{ code: 110015, text: expect.stringContaining('fresh ReqId') }])
  })

  it('continues while packets arrive within StreamMaxInterval, 2 s by default', async () => {
    const { channel, time } = await setUpChannel()
    for (let seq = 1; seq <= 5; seq++) {
      channel.stream(id(1), seq, 'and ')
      await time.tickAsync(1_999)
    }
    expect(channel.errors).toEqual([])
    expect(channel.states).toEqual(['1 WaitingTextStart'])
    await time.tickAsync(1)
    channel.stream(id(1), 6, 'late')
    expect(channel.errors).toEqual([
      { code: 110015, text: expect.stringContaining('after 2000 ms without a packet') },
    ])
  })

  it('refuses SSML, which sentence mode accepts', async () => {
    const { channel } = await setUpChannel()
    channel.stream(id(1), 1, 'a<break time="1s"/>')
    expect(channel.errors).toEqual([
      { code: 100001, text: expect.stringContaining('SSML only in sentence mode') },
    ])
    channel.stream(id(2), 1, 'a<break time="1s"/>', sentence)
    expect(channel.errors).toHaveLength(1)
  })
})

describe('a refused text of a stream', () => {
  it('counts, so that the next packet has the next Seq', async () => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, ten, sentence)
    channel.stream(id(1), 2, 'A <br> here.', sentence)
    channel.stream(id(1), 3, '', { ...sentence, IsFinal: true })
    expect(channel.errors).toEqual([{ code: 100001, text: expect.stringContaining('<br>') }])
    await time.tickAsync(2_000)
    expect(channel.states.at(-1)).toBe('1 TextOver final 1')
  })
})

describe('a packet of stream text', () => {
  it.each([
    ['begins with 0', [0], 'must be 1 in the first packet of a ReqId, got 0'],
    ['begins with 2', [2], 'must be 1 in the first packet of a ReqId, got 2'],
    ['repeats', [1, 1], 'must be 2, got 1'],
    ['leaves one out', [1, 3], 'must be 2, got 3'],
  ])('is refused with 100001 when its Seq %s', async (_what, seqs, message) => {
    const { channel } = await setUpChannel()
    for (const seq of seqs) channel.stream(id(1), seq, ten)
    expect(channel.errors).toEqual([{ code: 100001, text: expect.stringContaining(message) }])
  })

  it('is refused without Seq', async () => {
    const { channel } = await setUpChannel()
    channel.send('SEND_STREAMTEXT', id(1), { Text: 'a' })
    expect(channel.errors).toEqual([
      { code: 100001, text: expect.stringContaining('Data.Seq is required') },
    ])
  })

  it('may be sent again, corrected, after a refusal', async () => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, ten)
    channel.stream(id(1), 3, ten)
    channel.stream(id(1), 2, ten, { IsFinal: true })
    await time.tickAsync(5_000)
    expect(channel.states.at(-1)).toBe('1 TextOver final 1')
  })

  it.each([
    ['mainland', 2_000],
    ['international', 1_000],
  ] as const)('has in the %s region at most %i bytes', async (region, limit) => {
    const { channel } = await setUpChannel({ region })
    channel.stream(id(1), 1, `${'数'.repeat(Math.floor(limit / 3))}${'a'.repeat(limit % 3)}`)
    expect(channel.errors).toEqual([])
    channel.stream(id(1), 2, '数'.repeat(Math.floor(limit / 3) + 1))
    expect(channel.errors).toEqual([
      { code: 100001, text: expect.stringContaining(`at most ${limit} bytes`) },
    ])
  })

  it('is refused with 110015 after the final packet', async () => {
    const { channel } = await setUpChannel()
    channel.stream(id(1), 1, ten, { IsFinal: true })
    channel.stream(id(1), 2, ten)
    expect(channel.errors).toMatchObject([{ code: 110015 }])
  })

  it('ends the previous stream when its ReqId is new', async () => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, ten, sentence)
    await time.tickAsync(200)
    channel.stream(id(2), 1, ten, sentence)
    expect(channel.states.slice(-2)).toEqual(['1 TextOver final 3', '2 WaitingTextStart'])
  })
})

describe('an endless stream', () => {
  it('refuses a packet while its queue is full, and continues later', async () => {
    const { channel, time } = await setUpChannel({ region: 'mainland' })
    const long = `${'a'.repeat(1_999)}.`
    for (let seq = 1; seq <= 50; seq++) channel.stream(id(1), seq, long, sentence)
    expect(channel.errors).toEqual([])
    channel.stream(id(1), 51, long, sentence)
    expect(channel.errors).toEqual([
      {
        code: 100012,
        text: expect.stringContaining('100000 characters of this stream wait to be spoken'),
      },
    ])
    await time.tickAsync(100)
    channel.stream(id(1), 51, long, sentence)
    channel.stream(id(1), 52, '', { IsFinal: true })
    expect(channel.errors).toHaveLength(1)
  })

  it('limits the waiting sentences to two hours with their pauses', async () => {
    const never = 2 ** 31 - 1
    const { channel, time } = await setUpChannel({
      idleTimeoutMs: never,
      channelIdleTimeoutMs: never,
    })
    const pauses = '<break time="9s"/>'.repeat(50)
    for (let seq = 1; seq <= 16; seq++) channel.stream(id(1), seq, pauses, sentence)
    expect(channel.errors).toEqual([])
    channel.stream(id(1), 17, pauses, sentence)
    expect(channel.errors).toEqual([
      {
        code: 100012,
        text: expect.stringContaining('7200000 ms of this stream wait to be spoken'),
      },
    ])
    await time.tickAsync(100)
    channel.stream(id(1), 17, pauses, { ...sentence, IsFinal: true })
    expect(channel.errors).toHaveLength(1)
    await time.tickAsync(2 * 3_600_000 + 500_000)
    expect(channel.states.at(-1)).toBe('1 TextOver final 1')
  })

  it('limits fragments before a sentence is complete', async () => {
    const { channel } = await setUpChannel({ region: 'mainland' })
    for (let seq = 1; seq <= 51; seq++) channel.stream(id(1), seq, 'a'.repeat(2_000))
    expect(channel.errors).toMatchObject([{ code: 100012 }])
  })

  it('is replayed with its beginning and the last hundred states', async () => {
    const set = await setUpChannel()
    const { channel, time } = set
    for (let seq = 1; seq <= 200; seq++) channel.stream(id(1), seq, 'a.', sentence)
    await time.tickAsync(60_000)
    channel.raw.disconnected()
    const { states } = await connect(set, set.sessionId)
    expect(states).toHaveLength(103)
    expect(states.slice(0, 3)).toEqual(channel.states.slice(0, 3))
    expect(states.slice(3)).toEqual(channel.states.slice(-100))
  })
})

describe('an interrupt of stream text', () => {
  it.each([
    ['as the browser SDK sends it', { Text: '', Seq: 2, IsFinal: true, Interrupt: true }],
    ['as the Android SDK sends it', { Text: '', Seq: 9, Interrupt: true }],
  ])('%s ends the stream', async (_what, data) => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, ten, sentence)
    await time.tickAsync(200)
    channel.send('SEND_STREAMTEXT', id(1), data)
    await time.tickAsync(120)
    expect(channel.states.at(-1)).toBe('1 TextOver final 3')
    expect(channel.errors).toEqual([])
  })

  it('refuses further packets of an interrupted stream until its TextOver', async () => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, ten, sentence)
    await time.tickAsync(200)
    channel.send('SEND_STREAMTEXT', id(1), { Text: '', Seq: 2, Interrupt: true })
    channel.stream(id(1), 2, ten, sentence)
    expect(channel.errors).toEqual([{ code: 110015, text: expect.stringContaining('interrupted') }])
    await time.tickAsync(5_000)
    expect(channel.states.slice(4)).toEqual(['1 TextOver final 3'])
  })

  it.each([
    ['without Seq', { Text: '', Interrupt: true }],
    ['with Seq 0', { Text: '', Seq: 0, Interrupt: true }],
  ])('%s is ignored', async (_what, data) => {
    const { channel, time } = await setUpChannel()
    channel.stream(id(1), 1, ten, sentence)
    await time.tickAsync(200)
    const before = channel.messages.length
    channel.send('SEND_STREAMTEXT', id(1), data)
    expect(channel.messages).toHaveLength(before)
  })
})
