import jpeg from 'jpeg-js'
import { describe, expect, test } from 'vitest'
import { readBackground } from './background'

const reading = (bytes: Buffer | string) =>
  readBackground('http://a/b', new Map([['http://a/b', bytes]]))

describe('a background', () => {
  test('may be a JPEG, whatever the address calls it', () => {
    const data = Buffer.alloc(16 * 16 * 4, 128)
    const bytes = jpeg.encode({ width: 16, height: 16, data }, 90).data
    expect(reading(bytes)).toMatchObject({ width: 16, height: 16 })
  })

  test('may be a colour', () => {
    expect(readBackground('#102030', new Map())).toEqual([16, 32, 48])
  })

  test.each([
    ['another kind of image', Buffer.from('GIF89a'), 'neither a PNG nor a JPEG'],
    ['a damaged JPEG', Buffer.from('ffd8ffe000', 'hex'), 'cannot be read'],
    ['what could not be fetched', 'the server answered 503', 'the server answered 503'],
  ])('is not %s', (_name, image, why) => {
    expect(() => reading(image)).toThrow(why)
  })

  test('is not a file of this machine', () => {
    expect(() => readBackground('file:///etc/passwd', new Map())).toThrow('neither a colour')
  })
})
