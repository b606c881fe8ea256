import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { driven } from '../testing/driven-session'
import { EventQueue } from './event-queue'

describe('the iterator of a session', () => {
  it('listens from the moment it is made', async () => {
    const { session, clock } = await driven()
    const events = session[Symbol.asyncIterator]()
    const connected = session.connect()
    await clock.advance(10)
    await connected
    expect(await events.next()).toMatchObject({ done: false, value: { type: 'ready' } })
  })

  it('can be left while nothing comes, which ends who waits for the next event', async () => {
    const { session } = await driven()
    const events = session[Symbol.asyncIterator]()
    const next = events.next()
    expect(await events.return(undefined)).toEqual({ value: undefined, done: true })
    expect(await next).toEqual({ value: undefined, done: true })
    expect(await events.next()).toEqual({ value: undefined, done: true })
  })

  it('lets a stream over it be destroyed', async () => {
    const { session } = await driven()
    const stream = Readable.from(session)
    stream.resume()
    const closed = new Promise((resolve) => stream.once('close', resolve))
    stream.destroy()
    await closed
  })

  it('ends at once for a session that is closed', async () => {
    const { session, clock } = await driven()
    const closed = session.close()
    await clock.advance(10)
    await closed
    expect(await session[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
  })
})

describe('a queue of events', () => {
  it('gives what came before its end, then ends, and tells once', async () => {
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

  it('serves several who read at once in their order, and throws what it is told to', async () => {
    const queue = new EventQueue<number>(() => {})
    const both = Promise.all([queue.next(), queue.next()])
    queue.put(1)
    queue.put(2)
    expect((await both).map(({ value }) => value)).toEqual([1, 2])
    await expect(queue.throw(new Error('enough'))).rejects.toThrow('enough')
    expect(await queue.next()).toEqual({ value: undefined, done: true })
  })
})
