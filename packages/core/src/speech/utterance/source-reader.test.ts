import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { IvhValidationError } from '../../errors'
import { openTestSession } from '../../testing/open-test-session'
import { rejection } from '../../testing/test-client'
import { type Material, SourceReader } from './source-reader'

const anything: Material<unknown> = { name: 'anything', is: (value): value is unknown => true }

/** Creates a source that yields the values and then pauses forever. `closed` shows whether it was closed. */
function watched<Value>(...values: Value[]) {
  const source = {
    closed: false,
    [Symbol.asyncIterator]: () => ({
      next: () => {
        const value = values.shift()
        if (value === undefined) return new Promise<IteratorResult<Value>>(() => {})
        return Promise.resolve({ done: false, value })
      },
      return: async () => {
        source.closed = true
        return { done: true as const, value: undefined }
      },
    }),
  }
  return source
}

describe('a reader of a source', () => {
  it('cancels a ReadableStream during a pending read', async () => {
    let reason: unknown = 'open'
    const stream = new ReadableStream<string>({
      cancel: (why) => {
        reason = why
      },
    })
    const reader = new SourceReader(stream, anything)
    const next = reader.next()
    reader.release()
    expect(await next).toEqual({ done: true, value: undefined })
    expect(reason).toBeUndefined()
  })

  it.each(['ends', 'fails', 'is cancelled'])(
    'leaves no lock on a ReadableStream that %s',
    async (how) => {
      const stream = new ReadableStream<string>({
        start(controller) {
          if (how === 'ends') controller.close()
          if (how === 'fails') controller.error(new Error('broken'))
        },
      })
      const reader = new SourceReader(stream, anything)
      const next = reader.next()
      if (how === 'is cancelled') reader.release()
      await next.catch(() => {})
      expect(stream.locked).toBe(false)
      await stream.cancel().catch(() => {})
    },
  )

  it('destroys a stream of Node during a pending read', async () => {
    const stream = new Readable({ read() {}, objectMode: true })
    const reader = new SourceReader(stream, anything)
    const next = reader.next()
    reader.release()
    expect(await next).toMatchObject({ done: true })
    expect(stream.destroyed).toBe(true)
  })

  it('closes a source that was never read, and ignores errors of the source', () => {
    const source = watched('x')
    new SourceReader(source, anything).release()
    expect(source.closed).toBe(true)
    const locked = new ReadableStream()
    locked.getReader()
    new SourceReader(locked, anything).release()
  })

  it('does not close a source that has ended', async () => {
    let closed = false
    const source: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: true, value: undefined }),
        return: async () => {
          closed = true
          return { done: true, value: undefined }
        },
      }),
    }
    const reader = new SourceReader(source, anything)
    expect(await reader.next()).toMatchObject({ done: true })
    reader.release()
    expect(closed).toBe(false)
  })
})

describe('the source of an utterance', () => {
  it('is closed when the utterance is dropped from the queue', async () => {
    const { session, clock } = await openTestSession()
    const [text, sound] = [watched('x'), watched(new Uint8Array(2))]
    session.say('Speaking')
    session.say(text)
    session.sendAudio(sound)
    await clock.advance(100)
    session.say('New', { interrupt: true })
    expect([text.closed, sound.closed]).toEqual([true, true])
  })

  it('is closed when the session is closed', async () => {
    const { session, clock } = await openTestSession()
    const [running, late] = [watched('A whole sentence. More'), watched('x')]
    session.say(running)
    await clock.advance(100)
    const closing = session.close()
    session.say(late)
    await clock.advance(10)
    await closing
    expect([running.closed, late.closed]).toEqual([true, true])
  })

  it('is closed when the session does not accept audio', async () => {
    const { session } = await openTestSession({ open: { driverType: 1 } })
    const sound = watched(new Uint8Array(2))
    session.sendAudio(sound)
    expect(sound.closed).toBe(true)
  })

  it('is closed by an interrupt during a pending read, even within a sample of audio', async () => {
    const { session, clock } = await openTestSession()
    const sound = watched(new Uint8Array(5_120), new Uint8Array(3))
    const handle = session.sendAudio(sound)
    await clock.advance(100)
    const done = handle.interrupt()
    expect(sound.closed).toBe(true)
    await clock.advance(2_000)
    expect(await done).toEqual({ interrupted: true })
  })

  it('can yield undefined and null, which are skipped', async () => {
    const { session, clock, service } = await openTestSession()
    async function* chunks(): AsyncGenerator<string | null | undefined> {
      yield 'Let me look. '
      yield undefined
      yield null
      yield 'Here it is.'
    }
    const handle = session.say(chunks())
    await clock.advance(3_000)
    await handle.finished
    expect(service.commands.map(({ Data }) => Data.Text).join('')).toBe('Let me look. Here it is.')
  })

  it.each([
    [7, 'Number'],
    [new Uint8Array(2), 'Uint8Array'],
    [{ delta: 'x' }, 'Object'],
  ])('rejects say when the source yields %j instead of text', async (value, type) => {
    const { session } = await openTestSession()
    const source = watched(value as unknown as string)
    const error = await rejection(session.say(source).finished)
    expect(error).toBeInstanceOf(IvhValidationError)
    expect((error as Error).message).toContain(`produced a value of type ${type}, not a string`)
    expect(source.closed).toBe(true)
  })

  it.each([
    ['OpenAI', { choices: [{ delta: { content: 'Hi' } }] }, 'chunk.choices[0]?.delta?.content'],
    ['the AI SDK', { type: 'text-delta', text: 'Hi' }, 'textStream'],
    ['LangChain', { content: 'Hi' }, 'chunk.content'],
    ['a response', new TextEncoder().encode('Hi'), 'TextDecoderStream'],
  ])('says what to write instead for a stream of %s', async (_name, value, advice) => {
    const { session, clock } = await openTestSession()
    const handle = session.say(watched(value as unknown as string))
    const error = rejection(handle.finished)
    await clock.advance(100)
    expect(String(await error)).toContain(advice)
  })

  it.each([
    ['text', 'String'],
    [new Int16Array(2), 'Int16Array'],
  ])('rejects sendAudio when the source yields %j instead of bytes', async (value, type) => {
    const { session } = await openTestSession()
    const source = watched(value as unknown as Uint8Array)
    const error = await rejection(session.sendAudio(source).finished)
    expect((error as Error).message).toContain(`produced a value of type ${type}, not a Uint8Array`)
  })
})
