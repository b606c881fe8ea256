import { describe, expect, it } from 'vitest'
import { IvhSessionError } from '../../errors'
import { openSilentSession } from '../../testing/open-test-session'
import { rejection } from '../../testing/test-client'

async function* from<Value>(values: readonly Value[]) {
  yield* values
}

/**
 * Opens a session with a silent service: it sends only the messages that a test gives it. `speakStatus` is the
 * `SpeakStatus` of its statsession responses.
 */
async function setUp(speakStatus = 'TextStart') {
  const kit = await openSilentSession({ speakStatus })
  const { clock, service } = kit
  const tell = (SpeakStatus: string, Seq = 0, more: object = {}) =>
    service.last.tell({ Type: 3, ReqId: service.commands[0]?.ReqId, SpeakStatus, Seq, ...more })
  const reconnect = async () => {
    await clock.advance(6_000)
    service.last.drop()
    await clock.advance(300)
  }
  const seqs = () => service.commands.map(({ Data }) => Data.Seq)
  return { ...kit, tell, reconnect, seqs }
}

const story = ['The first sentence is here. ', 'The second one is here. ', 'And now the end.']
const audio = () => from([new Uint8Array(5_120 * 3)])

describe('C22: a stream in sentences whose connection is lost', () => {
  /** Loses the connection after the second sentence was sent. */
  async function lostInTheSecond() {
    const kit = await setUp()
    const handle = kit.session.say(from(story))
    await kit.clock.advance(5)
    for (const state of ['TextStart', 'SentenceStart', 'SentenceNext']) kit.tell(state, 1)
    await kit.clock.advance(5)
    expect(kit.seqs()).toEqual([1, 2])
    await kit.reconnect()
    return { ...kit, handle }
  }

  it('sends a sentence again when the service has spoken all other sentences and does not begin this one', async () => {
    const { clock, handle, seqs, service, tell } = await lostInTheSecond()
    for (const state of ['TextStart', 'SentenceStart', 'SentenceNext']) tell(state, 1)
    await clock.advance(20_000)
    expect(seqs()).toEqual([1, 2])
    tell('SentenceOver', 1)
    await clock.advance(3_000)
    expect(seqs().slice(0, 3)).toEqual([1, 2, 2])
    expect(new Set(service.commands.map(({ ReqId }) => ReqId)).size).toBe(1)
    tell('SentenceStart', 2)
    tell('SentenceNext', 2)
    await clock.advance(1_000)
    expect(seqs()).toEqual([1, 2, 2, 3, 4])
    tell('TextOver', 0, { FinalType: 1 })
    expect(await handle.finished).toEqual({ interrupted: false })
  })

  it('does not send a sentence again when the sentence has begun', async () => {
    const { clock, handle, seqs, tell } = await lostInTheSecond()
    for (const state of ['TextStart', 'SentenceStart', 'SentenceNext', 'SentenceOver']) {
      tell(state, 1)
    }
    for (const state of ['SentenceStart', 'SentenceNext']) tell(state, 2)
    await clock.advance(5_000)
    expect(seqs()).toEqual([1, 2, 3, 4])
    tell('TextOver', 0, { FinalType: 1 })
    expect(await handle.finished).toEqual({ interrupted: false })
  })

  it('names the unconfirmed range when the service never reports a sentence', async () => {
    const { clock, handle, seqs, tell } = await lostInTheSecond()
    tell('TextStart')
    await clock.advance(150_000)
    const error = await rejection(handle.finished)
    expect(error).toBeInstanceOf(IvhSessionError)
    expect(error).toMatchObject({
      reason: 'delivery-unknown',
      uncertain: { firstSeq: 2, lastSeq: 2, text: ' The second one is here.' },
    })
    expect(seqs()).toEqual([1, 2, 3])
  })

  it('sends the final packet again, which does no harm', async () => {
    const { clock, handle, seqs, session, service, tell } = await lostInTheSecond()
    tell('SentenceStart', 2)
    tell('SentenceNext', 2)
    await clock.advance(1_000)
    tell('SentenceStart', 3)
    await clock.advance(5_000)
    service.last.drop()
    await clock.advance(300)
    tell('SentenceStart', 3)
    await clock.advance(500)
    expect(seqs()).toEqual([1, 2, 3, 4, 4])
    service.last.tell({ Type: 9, ReqId: service.commands[0]?.ReqId, ErrorCode: 110015 })
    tell('TextOver', 0, { FinalType: 1 })
    expect(await handle.finished).toEqual({ interrupted: false })
    expect(session.state).toBe('open')
  })

  it('sends a lost interrupt again, but not the packets before it', async () => {
    const { clock, handle, seqs, service, tell } = await lostInTheSecond()
    tell('SentenceStart', 1)
    const done = handle.interrupt()
    await clock.advance(100)
    expect(seqs()).toEqual([1, 2, 3])
    expect(service.commands.at(-1)?.Data).toMatchObject({ Interrupt: true })
    service.last.drop()
    await clock.advance(5_000)
    expect(seqs()).toEqual([1, 2, 3, 3])
    tell('TextOver', 0, { FinalType: 3 })
    expect(await done).toEqual({ interrupted: true })
  })
})

describe('C22: audio whose connection is lost', () => {
  async function lost(onUncertain: 'report' | 'resend', packets = audio()) {
    const kit = await setUp('AudioStart')
    const handle = kit.session.sendAudio(packets, { live: true, onUncertain })
    await kit.clock.advance(5)
    return { ...kit, handle }
  }
  async function* endless() {
    yield new Uint8Array(5_120 * 3)
    await new Promise(() => {})
  }

  it('is sent again after the repeated events, and ignores refusals of packets that the service already had', async () => {
    const { clock, handle, reconnect, seqs, service, tell } = await lost('resend', endless())
    tell('AudioStart')
    await reconnect()
    tell('AudioStart')
    await clock.advance(200)
    expect(seqs()).toEqual([1, 2, 3, 2, 3])
    service.last.tell({ Type: 9, ReqId: service.commands[0]?.ReqId, ErrorCode: 100001 })
    await clock.advance(2_000)
    service.last.tell({ Type: 9, ReqId: service.commands[0]?.ReqId, ErrorCode: 100001 })
    await clock.advance(10)
    expect(seqs()).toEqual([1, 2, 3, 2, 3, 4])
    tell('AudioOver', 0, { FinalType: 1 })
    expect(await rejection(handle.finished)).toMatchObject({ kind: 'api', code: 100001 })
  })

  it('is not sent again by default; the error names the unconfirmed range, and the audio ends', async () => {
    const { clock, handle, reconnect, seqs, service, tell } = await lost('report', endless())
    tell('AudioStart')
    await reconnect()
    tell('AudioStart')
    await clock.advance(500)
    expect(seqs()).toEqual([1, 2, 3, 4])
    expect(service.commands.at(-1)?.Data).toMatchObject({ Audio: '', IsFinal: true })
    tell('AudioOver', 0, { FinalType: 1 })
    await clock.advance(1)
    expect(await rejection(handle.finished)).toMatchObject({
      reason: 'delivery-unknown',
      uncertain: { firstSeq: 2, lastSeq: 3, text: undefined },
    })
  })

  it.each([
    ['finishes', 1],
    ['rejects with delivery-unknown', 2],
  ])('%s when its final packet was sent and FinalType is %i', async (_outcome, FinalType) => {
    const { clock, handle, reconnect, seqs, tell } = await lost('report')
    tell('AudioStart')
    await reconnect()
    tell('AudioStart')
    await clock.advance(500)
    expect(seqs()).toEqual([1, 2, 3, 4])
    tell('AudioOver', 0, { FinalType })
    await clock.advance(1)
    if (FinalType === 1) expect(await handle.finished).toEqual({ interrupted: false })
    else expect(await rejection(handle.finished)).toMatchObject({ reason: 'delivery-unknown' })
  })

  it('waits while the buffer of the socket is full', async () => {
    const { clock, seqs, service, session } = await setUp()
    await Promise.all([session.connect(), clock.advance(5)])
    service.last.bufferedAmount = 100_000
    session.sendAudio(audio(), { live: true })
    await clock.advance(1_000)
    expect(seqs()).toEqual([])
    service.last.bufferedAmount = 0
    await clock.advance(30)
    expect(seqs()).toEqual([1, 2, 3, 4])
  })
})

it('does not send a text again while the service may be speaking it', async () => {
  const { clock, handle, reconnect, service } = await (async () => {
    const kit = await setUp('WaitingTextStart')
    return { ...kit, handle: kit.session.say('Hello') }
  })()
  await clock.advance(5)
  await reconnect()
  await clock.advance(40_000)
  expect(service.commands).toHaveLength(1)
  expect(await rejection(handle.finished)).toMatchObject({ kind: 'timeout' })
})

describe('C22: fragments whose connection is lost before their first event', () => {
  async function lost(onUncertain: 'report' | 'resend') {
    const kit = await setUp('Initial')
    async function* endless() {
      yield 'Half a sentence'
      await new Promise(() => {})
    }
    await Promise.all([kit.session.connect(), kit.clock.advance(6_000)])
    const handle = kit.session.say(endless(), { mode: 'fragment', onUncertain })
    await kit.clock.advance(5)
    expect(kit.seqs()).toEqual([1])
    kit.service.last.drop()
    await kit.clock.advance(300)
    return { ...kit, handle }
  }

  it('are not sent again while the service may wait for the end of the sentence', async () => {
    const { clock, seqs } = await lost('report')
    await clock.advance(7_500)
    expect(seqs()).toEqual([1])
    await clock.advance(1_500)
    expect(seqs()).toEqual([1, 1, 2])
  })

  it('are not sent again when the service has waited for the end of the sentence', async () => {
    const { clock, handle, seqs, tell } = await lost('report')
    await clock.advance(5_000)
    tell('TextStart')
    await clock.advance(1_000)
    tell('TextOver', 0, { FinalType: 2 })
    await clock.advance(20_000)
    expect(seqs()).toEqual([1, 2])
    expect(await handle.interrupt()).toEqual({ interrupted: true })
  })

  it('are sent again soon with onUncertain: resend', async () => {
    const { clock, seqs } = await lost('resend')
    await clock.advance(3_000)
    expect(seqs()).toEqual([1, 1, 2])
  })
})
