import { describe, expect, it } from 'vitest'
import { parseObject, readBody } from './read-body'

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request('http://shop.test', { method: 'POST', body, headers })

/** `RequestInit` of the DOM library lacks `duplex`, which a stream needs. */
const streamed = (body: ReadableStream<Uint8Array>) =>
  new Request('http://shop.test', Object.assign({ method: 'POST', body }, { duplex: 'half' }))

describe('readBody', () => {
  it('reads up to the limit in bytes', async () => {
    expect(await readBody(post('数数'), 6)).toEqual({ text: '数数' })
    expect(await readBody(post('数数'), 5)).toEqual({ failure: 'too-large' })
    expect(await readBody(new Request('http://shop.test'), 5)).toEqual({ text: '' })
  })

  it('trusts a content-length above the limit and reads nothing', async () => {
    const tooLong = post('a', { 'content-length': '7' })
    expect(await readBody(tooLong, 6)).toEqual({ failure: 'too-large' })
  })

  it('cancels an endless body at the limit', async () => {
    let sent = 0
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1024
        controller.enqueue(new Uint8Array(1024))
      },
      cancel() {
        cancelled = true
      },
    })
    expect(await readBody(streamed(body), 4096)).toEqual({ failure: 'too-large' })
    expect(cancelled).toBe(true)
    expect(sent).toBeLessThan(10_000)
  })

  it('joins a character that is split over two chunks', async () => {
    const bytes = new TextEncoder().encode('数')
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, 1))
        controller.enqueue(bytes.slice(1))
        controller.close()
      },
    })
    expect(await readBody(streamed(body), 10)).toEqual({ text: '数' })
  })

  it.each([
    ['an object', { a: '数' }, '{"a":"数"}'],
    ['text', '{"a":1}', '{"a":1}'],
    ['bytes', new TextEncoder().encode('{"a":1}'), '{"a":1}'],
  ])('takes %s that the host has read', async (_what, body, text) => {
    const request = new Request('http://shop.test', { method: 'POST' })
    expect(await readBody(request, 100, { bodyWasRead: true, body })).toEqual({ text })
    expect(await readBody(request, 5, { bodyWasRead: true, body })).toEqual({
      failure: 'too-large',
    })
  })

  it('ignores what a framework puts in place of a body that nobody has read', async () => {
    expect(await readBody(post('{"a":1}'), 100, { body: {} })).toEqual({ text: '{"a":1}' })
  })

  it.each([
    ['the host has read and dropped', new Request('http://shop.test'), { bodyWasRead: true }],
    [
      'another reader has emptied',
      new Request('http://shop.test', { method: 'POST', headers: { 'content-length': '15' } }),
      {},
    ],
  ])('reports a body that %s', async (_what, request, host) => {
    expect(await readBody(request, 100, host)).toEqual({ failure: 'already-read' })
  })

  it('reports a request whose body was used', async () => {
    const request = post('{}')
    await request.text()
    expect(await readBody(request, 100)).toEqual({ failure: 'already-read' })
  })
})

describe('parseObject', () => {
  it.each([
    ['', {}],
    [' \n', {}],
    ['{}', {}],
    ['{"a":[1]}', { a: [1] }],
  ])('parses %j', (text, value) => {
    expect(parseObject(text)).toEqual(value)
  })

  it.each(['[]', 'null', '1', '"a"', '{', 'a=b'])('returns undefined for %s', (text) => {
    expect(parseObject(text)).toBeUndefined()
  })
})
