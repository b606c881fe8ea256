import { expect, it } from 'vitest'
import { drivenInSilence } from '../../testing/driven-session'
import { rejection } from '../../testing/test-client'

/** A service that says only what the test makes it say, and is asked for its `SpeakStatus`. */
async function setUp() {
  const spoken = { speakStatus: 'AudioStart' }
  const kit = await drivenInSilence(spoken)
  const { clock, service } = kit
  const sent = () =>
    service.commands.map(({ Command, Data }) => [Command, Data.Seq, Data.IsFinal ?? Data.Text])
  /** What the service says of the first drive. */
  const tell = async (message: object) => {
    service.last.tell({ Type: 3, ReqId: service.commands[0]?.ReqId, ...message })
    await clock.advance(1)
  }
  const refuse = (ErrorCode: number) => tell({ Type: 9, ErrorCode })
  return { ...kit, spoken, sent, tell, refuse }
}

/** One packet, and a microphone that gives the next after so long. */
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

/** Audio of which the service refused the second packet, and a text behind it. */
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

it('what follows a drive of which a packet was refused waits until the rest has been heard', async () => {
  const { clock, handle, sent, tell } = await refusedAudio(100012)
  await clock.advance(5_000)
  expect(sent()).toEqual(audioAndItsEnd)
  await tell({ SpeakStatus: 'AudioOver', FinalType: 1 })
  expect(await rejection(handle.finished)).toMatchObject({ kind: 'api', code: 100012 })
  await clock.advance(2_000)
  expect(sent()).toEqual([...audioAndItsEnd, ['SEND_TEXT', undefined, 'Next']])
})

it('it waits no longer than the service says that it is speaking', async () => {
  const { clock, handle, sent, spoken } = await refusedAudio(100012)
  await clock.advance(30_000)
  expect(sent()).toEqual(audioAndItsEnd)
  spoken.speakStatus = 'AudioOver'
  await clock.advance(3_000)
  expect(await rejection(handle.finished)).toMatchObject({ code: 100012 })
  expect(sent()).toHaveLength(5)
})

it('the service may have the beginning, though it has not told of it yet', async () => {
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

it('a drive of which every packet was refused is over', async () => {
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

it('a packet that comes after the service has ended the drive is too late, as if it had not been sent', async () => {
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
  'all has been spoken when nothing but the final packet came too late, FinalType %s',
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

it('all of the audio has been heard when nothing but the final packet came too late', async () => {
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

it('a stream whose interrupt is refused is interrupted all the same', async () => {
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
