import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { openSilentSession, openTestSession } from '../../testing/open-test-session'
import { type ScriptedSocket, type SentCommand, speaker } from '../../testing/scripted-sockets'
import { createVirtualClock } from '../../testing/virtual-clock'

const said = (commands: readonly SentCommand[]) =>
  commands.map(({ Command, Data }) => (Command === 'SEND_AUDIO' ? '(audio)' : Data.Text))

async function* audio() {
  yield new Uint8Array(5_120)
}

async function* thinking(): AsyncGenerator<string> {
  await new Promise(() => {})
}

/** Opens a session whose service speaks every text for a minute. */
async function talkative() {
  const clock = createVirtualClock()
  const over = new Map<string, number>()
  const obey = speaker(clock, 60_000)
  const kit = await openTestSession({ clock, obey })
  kit.session.addEventListener('message', ({ detail: { message } }) => {
    if (message.speakStatus === 'TextOver') over.set(message.reqId ?? '', clock.now())
  })
  return { ...kit, over }
}

/** Opens a session whose service sends only the messages of the test. */
async function silent(statuses: { speakStatus: string } = { speakStatus: 'Initial' }) {
  const kit = await openSilentSession(statuses)
  const tell = (of: number, SpeakStatus: string, socket: ScriptedSocket = kit.service.last) =>
    socket.tell({ Type: 3, ReqId: kit.service.commands[of]?.ReqId, SpeakStatus, Seq: 0 })
  return { ...kit, tell }
}

describe('a text that another text replaces', () => {
  it('is silenced when session.interrupt() is called before the other text was sent', async () => {
    const { session, clock, service } = await talkative()
    const old = session.say('Old')
    await clock.advance(200)
    const next = session.say('New', { interrupt: true })
    await clock.advance(100)
    const quiet = session.interrupt()
    await clock.advance(100)
    await quiet
    expect(said(service.commands)).toEqual(['Old', ''])
    expect(await old.finished).toEqual({ interrupted: true })
    expect(await next.started).toBe(false)
  })

  it('is silenced when the other text is aborted, fails or is blank', async () => {
    for (const text of ['New', `<word>${'a'.repeat(5_000)}</word>`, '']) {
      const { session, clock, service } = await talkative()
      const controller = new AbortController()
      const old = session.say('Old')
      await clock.advance(200)
      session.say(text, { interrupt: true, signal: controller.signal })
      await clock.advance(100)
      controller.abort()
      await clock.advance(100)
      expect(await old.finished).toEqual({ interrupted: true })
      expect(said(service.commands)).toEqual(['Old', ''])
    }
  })

  it('makes later audio wait until it is over', async () => {
    const { session, clock, service, over } = await talkative()
    session.say('Old')
    await clock.advance(200)
    session.say('New', { interrupt: true })
    await clock.advance(100)
    session.sendAudio(audio(), { interrupt: true })
    await clock.advance(2_000)
    expect(said(service.commands)).toEqual(['Old', '', '(audio)', '(audio)'])
    const [old, , first] = service.commands
    expect(first?.at).toBeGreaterThanOrEqual(over.get(old?.ReqId ?? '') ?? Number.NaN)
  })

  it('makes later audio wait even after other audio was dropped from the queue', async () => {
    const { session, clock, service, tell } = await silent()
    session.say('Old')
    await clock.advance(10)
    tell(0, 'TextStart')
    session.say('New', { interrupt: true })
    const dropped = session.sendAudio(audio(), { interrupt: true })
    await clock.advance(100)
    session.sendAudio(audio(), { interrupt: true })
    await clock.advance(5_000)
    expect(await dropped.started).toBe(false)
    expect(said(service.commands)).toEqual(['Old', ''])
    tell(0, 'TextOver')
    await clock.advance(100)
    expect(said(service.commands)).toEqual(['Old', '', '(audio)', '(audio)'])
  })

  it('is not silenced after a later text was sent, because the silence would hit the later text', async () => {
    const { session, clock, service, tell } = await silent()
    session.say('Old')
    await clock.advance(200)
    const next = session.say('New', { interrupt: true })
    await clock.advance(100)
    void next.interrupt()
    session.say('Newer')
    await clock.advance(1_000)
    expect(said(service.commands)).toEqual(['Old', 'Newer'])
    tell(0, 'TextStart')
    await clock.advance(20_000)
    expect(said(service.commands)).toEqual(['Old', 'Newer'])
  })
})

describe('an utterance with interrupt', () => {
  it('stops the running text at once, even when the new utterance is a stream whose source is silent', async () => {
    const { session, clock, service } = await talkative()
    const old = session.say('Old')
    await clock.advance(200)
    session.say(thinking(), { interrupt: true })
    await clock.advance(100)
    expect(said(service.commands)).toEqual(['Old', ''])
    expect(await old.finished).toEqual({ interrupted: true })
  })

  it('waits for the end of audio that was sent faster than it is played', async () => {
    const clock = createVirtualClock()
    const playedAt = { ms: 0 }
    const { session, service } = await openTestSession({
      clock,
      obey: ({ Command, Data, ReqId }, socket) => {
        if (Command !== 'SEND_AUDIO') return
        const status = (SpeakStatus: string) => socket.tell({ Type: 3, ReqId, SpeakStatus })
        if (Data.Seq === 1) status('AudioStart')
        playedAt.ms = Math.max(playedAt.ms, clock.now()) + 160
        if (Data.IsFinal) clock.after(playedAt.ms - clock.now(), () => status('AudioOver'))
      },
    })
    async function* long() {
      yield new Uint8Array(5_120 * 200)
    }
    const sound = session.sendAudio(long(), { live: true })
    await clock.advance(1_000)
    session.say('Text', { interrupt: true })
    await clock.advance(40_000)
    expect(await sound.finished).toEqual({ interrupted: true })
    const text = service.commands.at(-1)
    expect(text?.Data.Text).toBe('Text')
    expect(text?.at).toBeGreaterThanOrEqual(playedAt.ms)
  })
})

describe('an interrupt of a text', () => {
  it('is sent again when it was lost with its connection', async () => {
    const { session, clock, service, tell } = await silent()
    const old = session.say('Old')
    await clock.advance(10)
    tell(0, 'TextStart')
    void session.interrupt()
    await clock.advance(10)
    service.last.drop()
    await clock.advance(2_000)
    expect(said(service.commands)).toEqual(['Old', '', ''])
    tell(0, 'TextOver')
    expect(await old.finished).toEqual({ interrupted: true })
  })

  it('is not sent again once a later text has been sent', async () => {
    const { session, clock, service, tell } = await silent()
    session.say('Old')
    await clock.advance(10)
    tell(0, 'TextStart')
    const next = session.say('New', { interrupt: true })
    void next.interrupt()
    session.say('Newer')
    await clock.advance(2_000)
    expect(said(service.commands)).toEqual(['Old', '', 'Newer'])
    service.last.drop()
    await clock.advance(1_000)
    expect(said(service.commands)).toEqual(['Old', '', 'Newer'])
  })

  it('does not hit a text that was sent while it waited for TextStart', async () => {
    const { session, clock, service, tell } = await silent()
    const old = session.say('Old')
    await clock.advance(200)
    void old.interrupt()
    await clock.advance(10)
    session.say('New', { interrupt: true })
    await clock.advance(1_000)
    tell(0, 'TextStart')
    await clock.advance(100)
    expect(said(service.commands)).toEqual(['Old', 'New'])
  })

  it('ends a text that never starts after 10 s', async () => {
    const { session, clock, service } = await silent()
    const old = session.say('Old')
    await clock.advance(10)
    void old.interrupt()
    session.say('Next')
    await clock.advance(10_100)
    expect(await old.finished).toEqual({ interrupted: true })
    // Expect the interrupt although the service may refuse it, because the text may begin later.
    expect(said(service.commands)).toEqual(['Old', '', 'Next'])
  })

  it('settles a text that never starts as interrupted, even after a long wait', async () => {
    const { session, clock } = await silent()
    const old = session.say('Old')
    await clock.advance(25_000)
    void old.interrupt()
    await clock.advance(10_100)
    expect(await old.finished).toEqual({ interrupted: true })
  })

  it('ends a text that was lost with its connection when the service does not know the text', async () => {
    const { session, clock, service } = await silent()
    const old = session.say('Old')
    await clock.advance(10)
    service.last.drop()
    void old.interrupt()
    await clock.advance(4_000)
    expect(await old.finished).toEqual({ interrupted: true })
    expect(said(service.commands)).toEqual(['Old'])
  })

  it('ends a text that was lost with its connection when the interrupt follows the reconnect', async () => {
    const { session, clock, service } = await silent()
    const old = session.say('Old')
    await clock.advance(10)
    service.last.drop()
    await clock.advance(1_500)
    void old.interrupt()
    await clock.advance(2_500)
    expect(await old.finished).toEqual({ interrupted: true })
    expect(said(service.commands)).toEqual(['Old'])
  })
})

it('adds one listener to a signal that many utterances share, and removes it when all are over', async () => {
  const { session, clock } = await openTestSession()
  const { signal } = new AbortController()
  const handles = Array.from({ length: 20 }, () => session.say('x', { signal }))
  expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1)
  await clock.advance(60_000)
  await Promise.all(handles.map(({ finished }) => finished))
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

describe('a channel that gave up', () => {
  it('does not fail an utterance that has sent nothing', async () => {
    const network = { up: true }
    const { session, clock, service } = await openTestSession({ accepts: () => network.up })
    let speak = () => {}
    async function* model() {
      await new Promise<void>((resolve) => {
        speak = resolve
      })
      yield 'Here is the answer.'
    }
    await Promise.all([session.connect(), clock.advance(10)])
    const handle = session.say(model())
    network.up = false
    service.last.drop()
    await clock.advance(120_000)
    expect(session.channelState).toBe('down')
    network.up = true
    speak()
    await clock.advance(5_000)
    expect(await handle.finished).toEqual({ interrupted: false })
    expect(said(service.commands)).toEqual(['Here is the answer.', ''])
  })

  it('fails an utterance that has sent a packet', async () => {
    const network = { up: true }
    const { session, clock, service } = await openTestSession({ accepts: () => network.up })
    const text = session.say('Hello')
    await clock.advance(10)
    network.up = false
    service.last.drop()
    await clock.advance(120_000)
    await expect(text.finished).rejects.toMatchObject({ kind: 'transport' })
  })
})
