import { describe, expect, it } from 'vitest'
import { parseObject, readBody } from './read-body'

const post = (body: BodyInit, headers: Record<string, string> = {}) =>
  new Request('http://shop.test', { method: 'POST', body, headers })

/** `RequestInit` of the DOM library lacks `duplex`, which a stream needs. */
const streamed = (body: ReadableStream<Uint8Array>) =>
  new Request('http://shop.test', Object.assign({ method: 'POST', body }, { duplex: 'half' }))

describe('readBody', () => {
  it('reads up to the limit in bytes', async () => {
    expect(await readBody(post('数数'), 6)).toBe('数数')
    expect(await readBody(post('数数'), 5)).toBeUndefined()
    expect(await readBody(new Request('http://shop.test'), 5)).toBe('')
  })

  it('trusts a content-length above the limit and reads nothing', async () => {
    expect(await readBody(post('a', { 'content-length': '7' }), 6)).toBeUndefined()
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
    expect(await readBody(streamed(body), 4096)).toBeUndefined()
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
    expect(await readBody(streamed(body), 10)).toBe('数')
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
