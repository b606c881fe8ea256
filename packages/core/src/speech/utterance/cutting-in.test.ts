import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { driven, drivenInSilence } from '../../testing/driven-session'
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

/** A service that speaks every text for a minute. */
async function talkative() {
  const clock = createVirtualClock()
  const over = new Map<string, number>()
  const obey = speaker(clock, 60_000)
  const kit = await driven({ clock, obey })
  kit.session.addEventListener('message', ({ detail: { message } }) => {
    if (message.speakStatus === 'TextOver') over.set(message.reqId ?? '', clock.now())
  })
  return { ...kit, over }
}

/** A service that says only what the test makes it say. */
async function silent(statuses: { speakStatus: string } = { speakStatus: 'Initial' }) {
  const kit = await drivenInSilence(statuses)
  const tell = (of: number, SpeakStatus: string, socket: ScriptedSocket = kit.service.last) =>
    socket.tell({ Type: 3, ReqId: kit.service.commands[of]?.ReqId, SpeakStatus, Seq: 0 })
  return { ...kit, tell }
}

describe('a text that gives way', () => {
  it('is silenced when everything is interrupted before its successor was sent', async () => {
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

  it('is silenced when its successor is aborted, fails, or has nothing to say', async () => {
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

  it('keeps audio waiting until it is over', async () => {
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

  it('keeps audio waiting that was dropped before its turn came, and what follows that', async () => {
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

  it('is not silenced once a later text has been sent, which that would hit', async () => {
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

describe('what cuts in', () => {
  it('as a stream stops the text at once, not only when its source speaks', async () => {
    const { session, clock, service } = await talkative()
    const old = session.say('Old')
    await clock.advance(200)
    session.say(thinking(), { interrupt: true })
    await clock.advance(100)
    expect(said(service.commands)).toEqual(['Old', ''])
    expect(await old.finished).toEqual({ interrupted: true })
  })

  it('waits until audio that came faster than it is played has been heard', async () => {
    const clock = createVirtualClock()
    const playedAt = { ms: 0 }
    const { session, service } = await driven({
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

  it('that waits for TextStart does not hit the text that came meanwhile', async () => {
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

  it('that never starts is over after 10 s, and holds up nothing longer', async () => {
    const { session, clock, service } = await silent()
    const old = session.say('Old')
    await clock.advance(10)
    void old.interrupt()
    session.say('Next')
    await clock.advance(10_100)
    expect(await old.finished).toEqual({ interrupted: true })
    // It may still begin: better an interrupt that is refused than none.
    expect(said(service.commands)).toEqual(['Old', '', 'Next'])
  })

  it('that never starts counts as interrupted, however long it was waited for before', async () => {
    const { session, clock } = await silent()
    const old = session.say('Old')
    await clock.advance(25_000)
    void old.interrupt()
    await clock.advance(10_100)
    expect(await old.finished).toEqual({ interrupted: true })
  })

  it('that was lost with its connection is over when the service does not know it', async () => {
    const { session, clock, service } = await silent()
    const old = session.say('Old')
    await clock.advance(10)
    service.last.drop()
    void old.interrupt()
    await clock.advance(4_000)
    expect(await old.finished).toEqual({ interrupted: true })
    expect(said(service.commands)).toEqual(['Old'])
  })

  it('is over likewise when it came after the reconnect', async () => {
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

it('many utterances may share a signal: it carries one listener, and none after them', async () => {
  const { session, clock } = await driven()
  const { signal } = new AbortController()
  const handles = Array.from({ length: 20 }, () => session.say('x', { signal }))
  expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1)
  await clock.advance(60_000)
  await Promise.all(handles.map(({ finished }) => finished))
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
})

describe('a channel that is given up', () => {
  it('does not concern an utterance that has sent nothing yet', async () => {
    const network = { up: true }
    const { session, clock, service } = await driven({ accepts: () => network.up })
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

  it('rejects what was on its way', async () => {
    const network = { up: true }
    const { session, clock, service } = await driven({ accepts: () => network.up })
    const text = session.say('Hello')
    await clock.advance(10)
    network.up = false
    service.last.drop()
    await clock.advance(120_000)
    await expect(text.finished).rejects.toMatchObject({ kind: 'transport' })
  })
})
