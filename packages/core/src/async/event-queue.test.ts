import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { openTestSession } from '../testing/open-test-session'
import { EventQueue } from './event-queue'

describe('session[Symbol.asyncIterator]', () => {
  it('receives events from the moment it is created', async () => {
    const { session, clock } = await openTestSession()
    const events = session[Symbol.asyncIterator]()
    const connected = session.connect()
    await clock.advance(10)
    await connected
    expect(await events.next()).toMatchObject({ done: false, value: { type: 'ready' } })
  })

  it('ends a pending next() when return() is called', async () => {
    const { session } = await openTestSession()
    const events = session[Symbol.asyncIterator]()
    const next = events.next()
    expect(await events.return(undefined)).toEqual({ value: undefined, done: true })
    expect(await next).toEqual({ value: undefined, done: true })
    expect(await events.next()).toEqual({ value: undefined, done: true })
  })

  it('ends when a stream that reads from it is destroyed', async () => {
    const { session } = await openTestSession()
    const stream = Readable.from(session)
    stream.resume()
    const closed = new Promise((resolve) => stream.once('close', resolve))
    stream.destroy()
    await closed
  })

  it('ends at once when the session is already closed', async () => {
    const { session, clock } = await openTestSession()
    const closed = session.close()
    await clock.advance(10)
    await closed
    expect(await session[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
  })
})

describe('EventQueue', () => {
  it('yields the events put before end(), then ends, and calls its callback once', async () => {
    let ends = 0
    const queue = new EventQueue<string>(() => {
      ends += 1
    })
    queue.put('a')
    queue.put('b')
    queue.end()
    queue.put('c')
    const read: string[] = []
    for await (const item of queue) read.push(item)
    await queue[Symbol.asyncDispose]()
    expect(read).toEqual(['a', 'b'])
    expect(ends).toBe(1)
  })

  it('serves concurrent readers in order, and rejects throw() with the thrown error', async () => {
    const queue = new EventQueue<number>(() => {})
    const both = Promise.all([queue.next(), queue.next()])
    queue.put(1)
    queue.put(2)
    expect((await both).map(({ value }) => value)).toEqual([1, 2])
    await expect(queue.throw(new Error('enough'))).rejects.toThrow('enough')
    expect(await queue.next()).toEqual({ value: undefined, done: true })
  })
})
