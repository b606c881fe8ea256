import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { IvhValidationError } from '../../errors'
import { driven } from '../../testing/driven-session'
import { rejection } from '../../testing/test-client'
import { type Material, SourceReader } from './source-reader'

const anything: Material<unknown> = { name: 'anything', is: (value): value is unknown => true }

/** A source that gives what it is given, then thinks; it tells when it was closed. */
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
  it('lets go of a ReadableStream while a read is pending', async () => {
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

  it('lets go of a stream of Node while a read is pending', async () => {
    const stream = new Readable({ read() {}, objectMode: true })
    const reader = new SourceReader(stream, anything)
    const next = reader.next()
    reader.release()
    expect(await next).toMatchObject({ done: true })
    expect(stream.destroyed).toBe(true)
  })

  it('lets go of what was never read, whatever it makes of that', () => {
    const source = watched('x')
    new SourceReader(source, anything).release()
    expect(source.closed).toBe(true)
    const locked = new ReadableStream()
    locked.getReader()
    new SourceReader(locked, anything).release()
  })

  it('does not close what has ended by itself', async () => {
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
  it('is let go of when the utterance is dropped from the queue', async () => {
    const { session, clock } = await driven()
    const [text, sound] = [watched('x'), watched(new Uint8Array(2))]
    session.say('Speaking')
    session.say(text)
    session.sendAudio(sound)
    await clock.advance(100)
    session.say('New', { interrupt: true })
    expect([text.closed, sound.closed]).toEqual([true, true])
  })

  it('is let go of when the session is closed', async () => {
    const { session, clock } = await driven()
    const [running, late] = [watched('A whole sentence. More'), watched('x')]
    session.say(running)
    await clock.advance(100)
    const closing = session.close()
    session.say(late)
    await clock.advance(10)
    await closing
    expect([running.closed, late.closed]).toEqual([true, true])
  })

  it('is let go of when the session takes no audio', async () => {
    const { session } = await driven({ open: { driverType: 1 } })
    const sound = watched(new Uint8Array(2))
    session.sendAudio(sound)
    expect(sound.closed).toBe(true)
  })

  it('of audio is let go of while it is thinking, even within a sample', async () => {
    const { session, clock } = await driven()
    const sound = watched(new Uint8Array(5_120), new Uint8Array(3))
    const handle = session.sendAudio(sound)
    await clock.advance(100)
    const done = handle.interrupt()
    expect(sound.closed).toBe(true)
    await clock.advance(2_000)
    expect(await done).toEqual({ interrupted: true })
  })

  it('may say nothing now and then, as the chunks of a model do', async () => {
    const { session, clock, service } = await driven()
    async function* chunks(): AsyncGenerator<string> {
      yield 'Let me look. '
      yield undefined as unknown as string
      yield null as unknown as string
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
  ])('must give text: %j is refused', async (value, type) => {
    const { session } = await driven()
    const source = watched(value as unknown as string)
    const error = await rejection(session.say(source).finished)
    expect(error).toBeInstanceOf(IvhValidationError)
    expect((error as Error).message).toContain(`produced a value of type ${type}, not a string`)
    expect(source.closed).toBe(true)
  })

  it.each([
    ['text', 'String'],
    [new Int16Array(2), 'Int16Array'],
  ])('of audio must give bytes: %j is refused', async (value, type) => {
    const { session } = await driven()
    const source = watched(value as unknown as Uint8Array)
    const error = await rejection(session.sendAudio(source).finished)
    expect((error as Error).message).toContain(`produced a value of type ${type}, not a Uint8Array`)
  })
})
