import jpeg from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { readBackground } from './background'

const reading = (bytes: Buffer | string) =>
  readBackground('http://a/b', new Map([['http://a/b', bytes]]))

describe('a background', () => {
  it('is recognised as a JPEG, whatever the file name in its address is', () => {
    const data = Buffer.alloc(16 * 16 * 4, 128)
    const bytes = jpeg.encode({ width: 16, height: 16, data }, 90).data
    expect(reading(bytes)).toMatchObject({ width: 16, height: 16 })
  })

  it('may be a colour', () => {
    expect(readBackground('#102030', new Map())).toEqual([16, 32, 48])
  })

  it.each([
    ['another kind of image', Buffer.from('GIF89a'), 'neither a PNG nor a JPEG'],
    ['a damaged JPEG', Buffer.from('ffd8ffe000', 'hex'), 'cannot be read'],
    ['a failed download', 'the server answered 503', 'the server answered 503'],
  ])('refuses %s', (_name, image, why) => {
    expect(() => reading(image)).toThrow(why)
  })

  it('refuses a file of this machine', () => {
    expect(() => readBackground('file:///etc/passwd', new Map())).toThrow('neither a colour')
  })
})
