import jpeg from 'jpeg-js'
import { describe, expect, test } from 'vitest'
import { loadBackground } from './background'

const dataUrl = (type: string, bytes: Buffer) => `data:${type};base64,${bytes.toString('base64')}`

describe('a background', () => {
  test('may be a JPEG, whatever the address calls it', async () => {
    const data = Buffer.alloc(16 * 16 * 4, 128)
    const bytes = jpeg.encode({ width: 16, height: 16, data }, 90).data
    expect(await loadBackground(dataUrl('image/png', bytes))).toMatchObject({
      width: 16,
      height: 16,
    })
  })

  test('may be a colour', async () => {
    expect(await loadBackground('#102030')).toEqual([16, 32, 48])
  })

  test.each([
    [
      'another kind of image',
      dataUrl('image/gif', Buffer.from('GIF89a')),
      'neither a PNG nor a JPEG',
    ],
    ['a damaged JPEG', dataUrl('image/jpeg', Buffer.from('ffd8ffe000', 'hex')), 'cannot be read'],
    ['a file of this machine', 'file:///etc/passwd', 'neither a colour'],
    ['more than 10 MB', dataUrl('image/jpeg', Buffer.alloc(11 * 1024 * 1024)), 'more than'],
  ])('is not %s', async (_name, address, why) => {
    await expect(loadBackground(address)).rejects.toThrow(why)
  })
})
