import { describe, expect, it } from 'vitest'
import { openSilentSession } from '../../testing/open-test-session'
import { rejection } from '../../testing/test-client'

/**
 * Opens a session whose service sends only the messages of the test, with `spoken.speakStatus` in
 * statsession.
 */
async function setUp() {
  const spoken = { speakStatus: 'AudioStart' }
  const kit = await openSilentSession(spoken)
  const { clock, service } = kit
  const sent = () =>
    service.commands.map(({ Command, Data }) => [Command, Data.Seq, Data.IsFinal ?? Data.Text])
  /** Sends a message about the first command. */
  const tell = async (message: object) => {
    service.last.tell({ Type: 3, ReqId: service.commands[0]?.ReqId, ...message })
    await clock.advance(1)
  }
  const refuse = (ErrorCode: number) => tell({ Type: 9, ErrorCode })
  return { ...kit, spoken, sent, tell, refuse }
}

/** Yields one packet of a microphone at once, and two more after `ms`. */
function capturing(
  { clock }: { clock: { after(ms: number, callback: () => void): unknown } },
  ms: number,
) {
  return (async function* () {
    yield new Uint8Array(5_120)
    await new Promise<void>((resolve) => clock.after(ms, resolve))
    yield new Uint8Array(5_120)
    yield new Uint8Array(5_120)
  })()
}

/** Sends audio whose second packet the service refuses, and then a text. */
async function refusedAudio(code: number) {
  const kit = await setUp()
  const handle = kit.session.sendAudio(capturing(kit, 2_000), { live: true })
  const next = kit.session.say('Next')
  await kit.clock.advance(10)
  await kit.tell({ SpeakStatus: 'AudioStart' })
  await kit.clock.advance(2_000)
  await kit.refuse(code)
  return { ...kit, handle, next }
}

const audioAndItsEnd = [
  ['SEND_AUDIO', 1, false],
  ['SEND_AUDIO', 2, false],
  ['SEND_AUDIO', 3, false],
  ['SEND_AUDIO', 4, true],
]

it('makes the next utterance wait for the end of a command with a refused packet', async () => {
  const { clock, handle, sent, tell } = await refusedAudio(100012)
  await clock.advance(5_000)
  expect(sent()).toEqual(audioAndItsEnd)
  await tell({ SpeakStatus: 'AudioOver', FinalType: 1 })
  expect(await rejection(handle.finished)).toMatchObject({ kind: 'api', code: 100012 })
  await clock.advance(2_000)
  expect(sent()).toEqual([...audioAndItsEnd, ['SEND_TEXT', undefined, 'Next']])
})

it('ends a command with a refused packet when SpeakStatus says that the service is silent', async () => {
  const { clock, handle, sent, spoken } = await refusedAudio(100012)
  await clock.advance(30_000)
  expect(sent()).toEqual(audioAndItsEnd)
  spoken.speakStatus = 'AudioOver'
  await clock.advance(3_000)
  expect(await rejection(handle.finished)).toMatchObject({ code: 100012 })
  expect(sent()).toHaveLength(5)
})

it('continues when the first packet is refused and a later event shows the start', async () => {
  const { clock, refuse, sent, session, tell } = await setUp()
  async function* sound() {
    yield new Uint8Array(5_120 * 3)
    await new Promise(() => {})
  }
  const handle = session.sendAudio(sound())
  session.say('Next')
  await clock.advance(10)
  await refuse(100001)
  await tell({ SpeakStatus: 'AudioStart' })
  await clock.advance(10_000)
  expect(sent()).toEqual(audioAndItsEnd)
  await tell({ SpeakStatus: 'AudioOver', FinalType: 1 })
  expect(await rejection(handle.finished)).toMatchObject({ code: 100001 })
})

it('fails a command when every packet was refused', async () => {
  const { clock, refuse, sent, session } = await setUp()
  async function* sound() {
    yield new Uint8Array(5_120)
  }
  const handle = session.sendAudio(sound())
  session.say('Next')
  await clock.advance(10)
  await refuse(110015)
  await refuse(100001)
  expect(await rejection(handle.finished)).toMatchObject({ code: 110015 })
  expect(sent().at(-1)).toEqual(['SEND_TEXT', undefined, 'Next'])
})

it('reports source-paused when packets were refused because the service had ended the command', async () => {
  const { handle, refuse, tell } = await refusedAudio(110015)
  await refuse(110015)
  await refuse(110015)
  await tell({ SpeakStatus: 'AudioOver', FinalType: 2 })
  expect(await rejection(handle.finished)).toMatchObject({
    reason: 'source-paused',
    cause: { code: 110015 },
  })
})

it.each([2, undefined])(
  'finishes fragments when only the final packet was too late and FinalType is %s',
  async (FinalType) => {
    const { clock, refuse, sent, session, tell } = await setUp()
    async function* model() {
      yield 'All there is to say.'
    }
    const handle = session.say(model(), { mode: 'fragment' })
    await clock.advance(10)
    await tell({ SpeakStatus: 'TextStart' })
    await refuse(110015)
    await clock.advance(20_000)
    await tell({ SpeakStatus: 'TextOver', FinalType })
    expect(await handle.finished).toEqual({ interrupted: false })
    expect(sent()).toHaveLength(2)
  },
)

it('finishes audio when only the final packet was too late', async () => {
  const { clock, refuse, session, tell } = await setUp()
  async function* sound() {
    yield new Uint8Array(5_120)
  }
  const handle = session.sendAudio(sound())
  await clock.advance(10)
  await tell({ SpeakStatus: 'AudioStart' })
  await refuse(110015)
  await tell({ SpeakStatus: 'AudioOver', FinalType: 2 })
  expect(await handle.finished).toEqual({ interrupted: false })
})

it('settles a stream as interrupted when the service refuses the interrupt', async () => {
  const { clock, refuse, session, tell } = await setUp()
  async function* model() {
    yield 'Once upon a time. '
    await new Promise(() => {})
  }
  const handle = session.say(model(), { mode: 'fragment' })
  await clock.advance(10)
  await tell({ SpeakStatus: 'TextStart' })
  const done = handle.interrupt()
  await clock.advance(10)
  await refuse(110015)
  await tell({ SpeakStatus: 'TextOver' })
  expect(await done).toEqual({ interrupted: true })
})

describe('a stream with a refused sentence', () => {
  async function refusedSentence() {
    const kit = await setUp()
    const { clock, refuse, session, tell } = kit
    async function* model() {
      yield 'The first sentence is here. '
      yield 'The second sentence is wrong. '
      yield 'The third one.'
    }
    const handle = session.say(model())
    const next = session.say('Next')
    await clock.advance(10)
    await tell({ SpeakStatus: 'TextStart' })
    await tell({ SpeakStatus: 'SentenceStart', Seq: 1 })
    await tell({ SpeakStatus: 'SentenceNext', Seq: 1 })
    await clock.advance(10)
    await refuse(100001)
    await clock.advance(10)
    return { ...kit, handle, next, seqs: () => kit.sent().map(([, seq]) => seq) }
  }

  it('ends when the service counts the refused packet', async () => {
    const { handle, seqs, tell } = await refusedSentence()
    expect(seqs()).toEqual([1, 2, 3])
    await tell({ SpeakStatus: 'TextOver', FinalType: 1 })
    expect(await rejection(handle.finished)).toMatchObject({ kind: 'api', code: 100001 })
  })

  it('ends when the service does not count the refused packet', async () => {
    const { handle, refuse, seqs, tell } = await refusedSentence()
    await refuse(100001)
    expect(seqs()).toEqual([1, 2, 3, 2])
    await tell({ SpeakStatus: 'TextOver', FinalType: 1 })
    expect(await rejection(handle.finished)).toMatchObject({ kind: 'api', code: 100001 })
  })

  it('ends when the service says nothing more, and lets the next utterance begin', async () => {
    const { clock, handle, sent, spoken } = await refusedSentence()
    spoken.speakStatus = 'TextStart'
    const error = rejection(handle.finished)
    await clock.advance(160_000)
    expect(await error).toMatchObject({ kind: 'api', code: 100001 })
    expect(sent().at(-1)).toEqual(['SEND_TEXT', undefined, 'Next'])
  })
})
