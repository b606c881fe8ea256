import { describe, expect, expectTypeOf, it } from 'vitest'
import type { IvhSession } from '../../contracts/session'
import type { SpeechHandle } from '../../contracts/speech'
import { IvhApiError, IvhConfigError, IvhSessionError, IvhValidationError } from '../../errors'
import { heard, openTestSession } from '../../testing/open-test-session'
import { speaker } from '../../testing/scripted-sockets'
import { rejection } from '../../testing/test-client'
import { createVirtualClock } from '../../testing/virtual-clock'
import { ssml } from '../text/ssml'

const texts = (commands: readonly { Data: Record<string, unknown> }[]) =>
  commands.map(({ Data }) => Data.Text)

async function* from<Value>(values: readonly Value[]) {
  yield* values
}

describe('say', () => {
  it('reports its start and its end', async () => {
    const { session, clock, service } = await openTestSession()
    const events = heard(session)
    const progress: (string | undefined)[] = []
    const handle = session.say('Hello', {
      onProgress: ({ speakStatus }) => progress.push(speakStatus),
    })
    await clock.advance(15)
    expect(await handle.started).toBe(true)
    expect(session.isSpeaking).toBe(true)
    await clock.advance(1_000)
    expect(await handle.finished).toEqual({ interrupted: false })
    expect(await handle.interrupted).toBe(false)
    expect(service.commands).toMatchObject([
      { Command: 'SEND_TEXT', Data: { Text: 'Hello', ChatCommand: 'NotUseChat' } },
    ])
    expect(progress).toEqual(['TextStart', 'TextOver'])
    expect(events).toEqual(['ready', 'speaking', 'idle'])
  })

  it('sends texts in order, more than 1 s apart', async () => {
    const { session, clock, service } = await openTestSession()
    const handles = ['One', 'Two', 'Three'].map((text) => session.say(text))
    await clock.advance(5_000)
    expect(await Promise.all(handles.map(({ finished }) => finished))).toHaveLength(3)
    expect(texts(service.commands)).toEqual(['One', 'Two', 'Three'])
    const times = service.commands.map(({ at }) => at)
    for (const [index, at] of times.entries()) {
      if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThan(1_000)
    }
  })

  it('stops the running text and drops the queue with interrupt: true', async () => {
    const { session, clock, service } = await openTestSession()
    const old = session.say('Old')
    const queued = session.say('Queued')
    await clock.advance(200)
    const cut = session.say('New', { interrupt: true })
    await clock.advance(3_000)
    expect(await old.finished).toEqual({ interrupted: true })
    expect(await old.started).toBe(true)
    expect(await queued.started).toBe(false)
    expect(await cut.finished).toEqual({ interrupted: false })
    expect(texts(service.commands)).toEqual(['Old', 'New'])
  })

  it('resolves started with false when it is interrupted before its start', async () => {
    const { session, clock } = await openTestSession({
      obey: ({ ReqId, Data }, socket) => {
        if (Data.Text === 'New') socket.tell({ Type: 3, ReqId: old, SpeakStatus: 'TextOver' })
        else old = ReqId
      },
    })
    let old = ''
    const handle = session.say('Old')
    await clock.advance(5)
    session.say('New', { interrupt: true })
    await clock.advance(2_000)
    expect(await handle.started).toBe(false)
    expect(await handle.finished).toEqual({ interrupted: true })
  })

  it('sends silence after TextStart when it is interrupted', async () => {
    const { session, clock, service } = await openTestSession()
    const handle = session.say('A long story')
    await clock.advance(5)
    const quiet = session.interrupt()
    expect(service.commands).toHaveLength(1)
    await clock.advance(50)
    await quiet
    expect(service.commands.at(-1)).toMatchObject({ Data: { Text: '', Interrupt: true } })
    expect(await handle.finished).toEqual({ interrupted: true })
  })

  it.each([
    ['Use List<String> here', 'Use List&lt;String&gt; here'],
    ['Press <ctrl+c> & wait', 'Press &lt;ctrl+c&gt; &amp; wait'],
    ['Hello <break time="9s"/> Eve', 'Hello &lt;break time="9s"/&gt; Eve'],
    ['Tom & Jerry', 'Tom &amp; Jerry'],
  ])('speaks %j word for word, alone and in sentences', async (text, sent) => {
    const { session, clock, service } = await openTestSession()
    session.say(text)
    await clock.advance(3_000)
    session.say(from([...text]))
    await clock.advance(3_000)
    const said = service.commands.map(({ Data }) => Data.Text).filter(Boolean)
    expect(said).toEqual([sent, sent])
  })

  it('speaks fragments without markup', async () => {
    const { session, clock, service } = await openTestSession()
    session.say(from(['1 < 2 & List<', 'String>']), { mode: 'fragment' })
    await clock.advance(3_000)
    expect(texts(service.commands).join('')).toBe('1 < 2 & List＜String>')
    const handle = session.say(from([ssml`<break time="1s"/>`]), { mode: 'fragment' })
    const error = rejection(handle.finished)
    await clock.advance(3_000)
    expect(String(await error)).toContain('use mode "sentence"')
  })

  it('speaks a sentence with an opening tag before the source ends', async () => {
    const { session, clock, service } = await openTestSession()
    const never = new Promise<never>(() => {})
    session.say(
      (async function* () {
        yield 'The tag <word> is written like this. '
        yield 'And so on'
        await never
      })(),
    )
    await clock.advance(1_000)
    expect(texts(service.commands)).toEqual(['The tag &lt;word&gt; is written like this.'])
  })

  it('obeys SSML in a stream of texts', async () => {
    const { session, clock, service } = await openTestSession()
    session.say(from(['Wait 1 < 2. ', ssml`<break time="1s"/>`, ' Done.']))
    await clock.advance(3_000)
    const said = service.commands.map(({ Data }) => Data.Text).join('')
    expect(said).toBe('Wait 1 &lt; 2. <break time="1s"/> Done.')
  })

  it('sends a question to a chat bot as it is', async () => {
    const { session, clock, service } = await openTestSession()
    session.say('Is 1 < 2?', { chat: true })
    await clock.advance(100)
    expect(texts(service.commands)).toEqual(['Is 1 < 2?'])
  })

  it('takes the deltas of a language model as they are', () => {
    const deltas = (async function* (): AsyncGenerator<string | null | undefined> {})()
    const say = (session: IvhSession) => session.say(deltas)
    expectTypeOf(say).returns.toExtend<SpeechHandle>()
  })

  it('refuses the 101st pending utterance, unless it interrupts', async () => {
    const { session, clock } = await openTestSession()
    const handles = Array.from({ length: 100 }, (_, index) => session.say(`Text ${index}`))
    expect(await rejection(session.say('One more').finished)).toMatchObject({
      kind: 'session',
      reason: 'queue-full',
    })
    const urgent = session.say('Now', { interrupt: true })
    await clock.advance(10_000)
    expect(await urgent.finished).toEqual({ interrupted: false })
    expect(await handles.at(-1)?.finished).toEqual({ interrupted: true })
  })

  it('splits a text above 4,000 bytes into parts of one utterance', async () => {
    const { session, clock, service } = await openTestSession()
    const text = '今天天气很好。'.repeat(300)
    const handle = session.say(ssml`<speak>${text}</speak>`)
    await clock.advance(10_000)
    await handle.finished
    const said = texts(service.commands).map(String)
    expect(said.length).toBe(2)
    expect(said.map((part) => part.replace(/<\/?speak>/g, '')).join('')).toBe(text)
    for (const part of said) {
      expect(part).toMatch(/^<speak>.*。<\/speak>$/)
      expect(Buffer.byteLength(part)).toBeLessThanOrEqual(4_000)
    }
  })

  it('rejects its promises, and causes no unhandled rejection', async () => {
    const { session, clock } = await openTestSession({ open: { driverType: 1 } })
    const long = ssml`<sub alias="x">${'a'.repeat(4_000)}</sub>`
    expect(await rejection(session.say(long).finished)).toBeInstanceOf(IvhValidationError)
    const audio = session.sendAudio(from([new Uint8Array(2)]))
    expect(await rejection(audio.finished)).toBeInstanceOf(IvhConfigError)
    const closing = session.close()
    const late = session.say('too late')
    await clock.advance(10)
    await closing
    expect(await rejection(late.started)).toBeInstanceOf(IvhSessionError)
    session.say('ignored')
  })

  it.each([
    [undefined, 'Undefined'],
    [null, 'Null'],
    [Promise.resolve('Hello'), 'Promise'],
    [['Hello'], 'Array'],
    [{ text: 'Hello' }, 'Object'],
    [7, 'Number'],
  ])('rejects %j without an interrupt of the running text', async (value, type) => {
    const { session, clock, service } = await openTestSession()
    session.say('Old')
    await clock.advance(100)
    const handle = session.say(value as unknown as string, { interrupt: true })
    expect(await rejection(handle.finished)).toMatchObject({
      kind: 'validation',
      message: expect.stringContaining(`text is of type ${type}; it must be a string`),
    })
    const sound = session.sendAudio(value as never)
    expect(await rejection(sound.finished)).toMatchObject({
      kind: 'validation',
      message: expect.stringContaining(`audio is of type ${type}; it must be an async iterable`),
    })
    await clock.advance(3_000)
    expect(texts(service.commands)).toEqual(['Old'])
  })

  it('rejects with the code when the service refuses the command', async () => {
    const { session, clock } = await openTestSession({
      obey: ({ ReqId }, socket) =>
        socket.tell({ Type: 9, ReqId, ErrorCode: 110015, ErrorMsg: 'Moment:wrong' }),
    })
    const error = rejection(session.say('x').finished)
    await clock.advance(10)
    expect(await error).toBeInstanceOf(IvhApiError)
    expect(await error).toMatchObject({ code: 110015, serverMessage: 'Moment:wrong' })
    expect(session.state).toBe('open')
  })

  it.each([
    ['sends a text again', 2],
    ['rejects after the third attempt', 3],
  ])('%s when the service refuses it %i times with 100012', async (_outcome, times) => {
    const clock = createVirtualClock()
    const speak = speaker(clock, 1_000)
    let refusals = 0
    const { session, service } = await openTestSession({
      clock,
      obey: (command, socket) => {
        if (command.Data.Text !== 'New' || refusals++ >= times) speak(command, socket)
        else socket.tell({ Type: 9, ReqId: command.ReqId, ErrorCode: 100012 })
      },
    })
    const old = session.say('Old')
    await clock.advance(100)
    const handle = session.say('New', { interrupt: true })
    const outcome = handle.finished.catch((error: unknown) => error)
    await clock.advance(10_000)
    expect(await old.finished).toEqual({ interrupted: true })
    if (times === 2) expect(await outcome).toEqual({ interrupted: false })
    else expect(await outcome).toMatchObject({ kind: 'api', code: 100012 })
    expect(texts(service.commands)).toEqual(['Old', 'New', 'New', 'New'])
    const sentAt = service.commands.map(({ at }) => at)
    for (const [index, at] of sentAt.entries()) {
      if (index > 0) expect(at - (sentAt[index - 1] ?? 0)).toBeGreaterThan(1_000)
    }
    expect(new Set(service.commands.map(({ ReqId }) => ReqId)).size).toBe(4)
  })

  it.each(['', '  \n', ssml`<speak> </speak>`])(
    'sends nothing for the blank text %s',
    async (text) => {
      const { session, clock, service } = await openTestSession()
      const handle = session.say(text)
      await clock.advance(10)
      expect(await handle.finished).toEqual({ interrupted: false })
      expect(service.sockets).toEqual([])
    },
  )

  it('fails when the service drops the text because the running text must not be interrupted', async () => {
    const { session, clock } = await openTestSession({
      obey: ({ ReqId }, socket) => socket.tell({ Type: 7, ReqId, Seq: 0 }),
    })
    const kinds: string[] = []
    const handle = session.say('x', { onProgress: ({ kind }) => kinds.push(kind) })
    await clock.advance(10)
    expect(await rejection(handle.finished)).toMatchObject({
      kind: 'session',
      reason: 'not-interruptible',
      hint: expect.stringContaining('interrupt: true'),
    })
    expect(kinds).toEqual(['dropped'])
  })

  it('stops when its signal fires', async () => {
    const { session, clock } = await openTestSession()
    const controller = new AbortController()
    const handle = session.say('x', { signal: controller.signal })
    await clock.advance(100)
    controller.abort()
    await clock.advance(100)
    expect(await handle.finished).toEqual({ interrupted: true })
  })

  it('C19: fails when no event of the service arrives', async () => {
    const { session, clock } = await openTestSession({ obey: () => {} })
    const error = rejection(session.say('x').finished)
    await clock.advance(31_000)
    expect(await error).toMatchObject({ kind: 'timeout', timeoutMs: 30_000 })
  })
})

describe('say of a stream', () => {
  const story = ['This is the first ', 'sentence. And this is', ' the second one. ', 'The end']

  it('sends sentences with one ReqId, each when the service asks for it, and a final packet', async () => {
    const { session, clock, service } = await openTestSession()
    const handle = session.say(from(story))
    await clock.advance(3_000)
    expect(await handle.finished).toEqual({ interrupted: false })
    expect(service.commands.map(({ Data }) => Data)).toEqual([
      { Text: 'This is the first sentence.', Seq: 1, IsFinal: false, IsSentence: true },
      { Text: ' And this is the second one.', Seq: 2, IsFinal: false, IsSentence: true },
      { Text: ' The end', Seq: 3, IsFinal: false, IsSentence: true },
      { Text: '', Seq: 4, IsFinal: true, IsSentence: true },
    ])
    expect(new Set(service.commands.map(({ ReqId }) => ReqId)).size).toBe(1)
    const [first, second] = service.commands
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(10)
  })

  it('sends a complete sentence during a pause of the model, and does not cut an incomplete sentence', async () => {
    const { session, clock, service } = await openTestSession()
    const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))
    async function* model() {
      yield 'Let me look that up.'
      await wait(8_000)
      yield ' Here it is, the one.'
      await wait(400)
      yield ' And another one'
      await wait(8_000)
      yield ' it is.'
    }
    const saidAt = clock.now()
    const handle = session.say(model())
    await clock.advance(20_000)
    expect(await handle.finished).toEqual({ interrupted: false })
    expect(texts(service.commands)).toEqual([
      'Let me look that up.',
      ' Here it is, the one.',
      ' And another one it is.',
      '',
    ])
    expect((service.commands[0]?.at ?? 0) - saidAt).toBeLessThan(510)
  })

  it('does not send the next sentence before SentenceNext', async () => {
    const { session, clock, service } = await openTestSession({
      obey: ({ ReqId }, socket) => socket.tell({ Type: 3, ReqId, SpeakStatus: 'TextStart' }),
    })
    session.say(from(story))
    await clock.advance(60_000)
    expect(service.commands).toHaveLength(1)
    service.last.tell({
      Type: 3,
      ReqId: service.commands[0]?.ReqId,
      Seq: '1',
      SpeakStatus: 'SentenceNext',
    })
    await clock.advance(1)
    expect(service.commands).toHaveLength(2)
  })

  it('sends fragments as they arrive in fragment mode, and cuts no code point', async () => {
    const { session, clock, service } = await openTestSession()
    const handle = session.say(from(['Hi \uD83D', '\uDE00', ' there']), { mode: 'fragment' })
    await clock.advance(3_000)
    await handle.finished
    expect(texts(service.commands)).toEqual(['Hi ', '😀', ' there', ''])
    expect(service.commands.at(-1)?.Data).toEqual({ Text: '', Seq: 4, IsFinal: true })
  })

  it.each([
    ['fragments', 'TextOver'],
    ['audio', 'AudioOver'],
  ])(
    'rejects a stream of %s that the service ends because the source paused',
    async (kind, over) => {
      const { session, clock, service } = await openTestSession({ obey: () => {} })
      async function* pausing<Value>(value: Value) {
        yield value
        await new Promise(() => {})
      }
      const handle =
        kind === 'audio'
          ? session.sendAudio(pausing(new Uint8Array(5_120)), { live: true })
          : session.say(pausing('Let me look.'), { mode: 'fragment' })
      await clock.advance(1_000)
      const { ReqId } = service.commands[0] ?? {}
      service.last.tell({ Type: 3, ReqId, Seq: 0, SpeakStatus: over, FinalType: 2 })
      expect(await rejection(handle.finished)).toMatchObject({ reason: 'source-paused' })
    },
  )

  it('sends the final packet when the source throws, then rejects with the source’s error', async () => {
    const { session, clock, service } = await openTestSession()
    const failure = new Error('the model failed')
    async function* failing() {
      yield 'A whole sentence here. Then'
      throw failure
    }
    const error = rejection(session.say(failing()).finished)
    await clock.advance(3_000)
    expect(await error).toBe(failure)
    expect(service.commands.at(-1)?.Data).toMatchObject({ Text: '', Seq: 2, IsFinal: true })
  })

  it('closes its source when it is interrupted during a pending read', async () => {
    const { session, clock, service } = await openTestSession()
    let released = false
    const source: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => {
        let count = 0
        return {
          next: () =>
            count++ === 0
              ? Promise.resolve({ value: 'The first sentence. More', done: false })
              : new Promise(() => {}),
          return: async () => {
            released = true
            return { value: undefined, done: true }
          },
        }
      },
    }
    const handle = session.say(source)
    await clock.advance(500)
    const done = handle.interrupt()
    await clock.advance(500)
    expect(await done).toEqual({ interrupted: true })
    expect(released).toBe(true)
    expect(service.commands.at(-1)?.Data).toEqual({
      Text: '',
      Seq: 2,
      IsFinal: true,
      Interrupt: true,
    })
  })

  it('sends nothing for an empty stream', async () => {
    const { session, clock, service } = await openTestSession()
    const handle = session.say(from([]))
    await clock.advance(10)
    expect(await handle.finished).toEqual({ interrupted: false })
    expect(service.sockets).toEqual([])
  })
})

describe('sendAudio', () => {
  const audio = (packets: number, rest = 0) => from([new Uint8Array(5_120 * packets + rest)])

  it('sends six packets at once, then one every 120 ms, then an empty final packet', async () => {
    const { session, clock, service } = await openTestSession()
    const handle = session.sendAudio(audio(9, 100))
    await clock.advance(5_000)
    expect(await handle.finished).toEqual({ interrupted: false })
    const start = service.commands[0]?.at ?? 0
    expect(service.commands.map(({ at }) => at - start)).toEqual([
      0, 0, 0, 0, 0, 0, 120, 240, 360, 480, 480,
    ])
    expect(service.commands.map(({ Data }) => Data.Seq)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
    ])
    const sizes = service.commands.map(
      ({ Data }) => Buffer.from(String(Data.Audio), 'base64').length,
    )
    expect(sizes).toEqual([...new Array(9).fill(5_120), 100, 0])
    expect(service.commands.map(({ Data }) => Data.IsFinal).indexOf(true)).toBe(10)
  })

  it('keeps the pace for ten minutes', async () => {
    const { session, clock, service } = await openTestSession()
    const handle = session.sendAudio(audio(5_000))
    await clock.advance(605_000)
    await handle.finished
    const times = service.commands.slice(5, -1).map(({ at }) => at)
    const intervals = times.slice(1).map((at, index) => at - (times[index] ?? 0))
    expect(intervals.length).toBe(4_994)
    expect(Math.min(...intervals)).toBeGreaterThanOrEqual(120)
    expect(Math.max(...intervals)).toBeLessThanOrEqual(160)
  })

  it('sends packets as they are captured with live: true', async () => {
    const { session, clock, service } = await openTestSession()
    async function* microphone() {
      for (let count = 0; count < 10; count++) yield new Uint8Array(5_120)
    }
    session.sendAudio(microphone(), { live: true })
    await clock.advance(10)
    expect(new Set(service.commands.map(({ at }) => at)).size).toBe(1)
    expect(service.commands).toHaveLength(11)
  })

  it('waits for an earlier text, and ends before a text that interrupts the audio', async () => {
    const { session, clock, service } = await openTestSession()
    session.say('First')
    const sound = session.sendAudio(audio(100))
    await clock.advance(2_000)
    session.say('Cut', { interrupt: true })
    await clock.advance(4_000)
    expect(await sound.finished).toEqual({ interrupted: true })
    const { commands } = service
    expect(commands[0]?.Command).toBe('SEND_TEXT')
    expect(commands.at(-1)?.Command).toBe('SEND_TEXT')
    expect(commands.at(-2)).toMatchObject({ Command: 'SEND_AUDIO', Data: { IsFinal: true } })
    expect((commands.at(-1)?.at ?? 0) - (commands.at(-2)?.at ?? 0)).toBeGreaterThanOrEqual(1_000)
  })
})
