import { describe, expect, it } from 'vitest'
import { adtsFrame, readAacTag } from './aac'

function config(hex: string) {
  const tag = readAacTag(Buffer.from(`af00${hex}`, 'hex'))
  return tag?.kind === 'config' ? tag.config : tag
}

describe('AAC configuration', () => {
  it.each([
    ['LC, 48 kHz, mono', '1188', { objectType: 2, frequencyIndex: 3, channels: 1 }],
    ['HE-AAC, signalled explicitly', '2b920800', { objectType: 2, frequencyIndex: 7, channels: 2 }],
    ['HE-AAC v2', 'eb8a0800', { objectType: 2, frequencyIndex: 7, channels: 1 }],
    ['a frequency without an index', '178000012210', undefined],
    ['44,100 Hz in 24 bits', '1780562210', { objectType: 2, frequencyIndex: 4, channels: 2 }],
    ['16 channels', '11f8', undefined],
    ['a program config element that is cut', '118004c8', undefined],
    ['an object type that ADTS cannot carry', 'f9468800', undefined],
  ])('reads %s', (_name, hex, expected) => {
    expect(config(hex)).toEqual(expected)
  })

  it('puts a program config element into each frame', () => {
    // ffmpeg 5.1 writes this configuration for 5.1(side): CPE, SCE, SCE and CPE, and a comment.
    const found = config('118004c844002000c40d4c61766335392e33372e31303056e500')
    expect(found).toMatchObject({ objectType: 2, frequencyIndex: 3, channels: 0 })
    if (!found || !('program' in found)) throw new Error('the configuration has no program')
    const frame = adtsFrame(Buffer.of(0x21, 0x22), found)
    // The header with channel configuration 0, the element after its id 5, and the frame.
    expect(frame?.toString('hex')).toBe('fff14c00025ffc' + 'a099088004001880' + '00' + '2122')
  })

  it('refuses a frame that is too long for its header', () => {
    const found = { objectType: 2, frequencyIndex: 3, channels: 2 }
    expect(adtsFrame(Buffer.alloc(8184), found)).toHaveLength(8191)
    expect(adtsFrame(Buffer.alloc(8185), found)).toBeUndefined()
  })
})
