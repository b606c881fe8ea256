import { describe, expect, it } from 'vitest'
import { Playlist } from './playlist'

const limits = { segmentMs: 1000, segments: 3, spare: 2, maxBytes: 1000 }
const uri = (sequence: number): string => `m1-${sequence}.ts?k=1`
const piece = (durationMs = 1000, bytes = 100, discontinuity = false) => ({
  durationMs,
  discontinuity,
  bytes: Buffer.alloc(bytes),
})

describe('playlist', () => {
  it('lists the first segments', () => {
    const list = new Playlist(7, limits)
    expect(list.isEmpty).toBe(true)
    list.add(piece(960))
    list.add(piece(1040))
    expect(list.render(uri)).toBe(
      [
        '#EXTM3U',
        '#EXT-X-VERSION:3',
        '#EXT-X-TARGETDURATION:1',
        '#EXT-X-MEDIA-SEQUENCE:7',
        '#EXTINF:0.960,',
        'm1-7.ts?k=1',
        '#EXTINF:1.040,',
        'm1-8.ts?k=1',
        '',
      ].join('\n'),
    )
  })

  it('drops old segments from the text first and from memory later', () => {
    const list = new Playlist(0, limits)
    for (let count = 0; count < 6; count++) list.add(piece())
    const text = list.render(uri)
    expect(text).toContain('#EXT-X-MEDIA-SEQUENCE:3')
    expect(text.match(/m1-\d+/g)).toEqual(['m1-3', 'm1-4', 'm1-5'])
    expect(list.segment(0)).toBeUndefined()
    expect(list.segment(1)).toBeDefined()
    expect(list.segment(6)).toBeUndefined()
  })

  it('limits memory for any number of segments', () => {
    const list = new Playlist(0, limits)
    for (let count = 0; count < 4; count++) list.add(piece(1000, 400))
    expect(list.bytes).toBe(800)
    list.add(piece(1000, 5000))
    expect(list.bytes).toBe(5000)
  })

  it.each([
    [80, 1, 1499],
    [1040, 1, 1499],
    [2002, 2, 2499],
    [2400, 3, 3499],
    [10_300, 10, 10_499],
  ])('sets the target by a first segment of %i ms and keeps it', (firstMs, target, longestMs) => {
    const list = new Playlist(0, limits)
    expect(list.longestMs).toBe(10_499)
    list.add(piece(firstMs))
    for (let count = 0; count < 9; count++) {
      expect(list.render(uri)).toContain(`#EXT-X-TARGETDURATION:${target}\n`)
      expect(list.longestMs).toBe(longestMs)
      list.add(piece(list.longestMs))
    }
  })

  it('continues after its end and after its memory was freed', () => {
    const list = new Playlist(7, limits)
    list.resume()
    list.add(piece())
    expect(list.render(uri)).not.toContain('DISCONTINUITY')
    list.end()
    list.resume()
    list.add(piece())
    expect(list.render(uri)).toMatch(
      /m1-7\.ts\?k=1\n#EXT-X-DISCONTINUITY\n#EXTINF.*\nm1-8\.ts\?k=1\n$/,
    )
    list.clear()
    list.resume()
    expect([list.isEmpty, list.bytes]).toEqual([true, 0])
    list.add(piece())
    expect(list.render(uri)).toContain(
      '#EXT-X-MEDIA-SEQUENCE:9\n#EXT-X-DISCONTINUITY-SEQUENCE:1\n#EXT-X-DISCONTINUITY\n',
    )
  })

  it('marks discontinuities and counts the dropped ones', () => {
    const list = new Playlist(0, limits)
    list.add(piece())
    list.add(piece(1000, 100, true))
    expect(list.render(uri)).toMatch(/m1-0\.ts\?k=1\n#EXT-X-DISCONTINUITY\n#EXTINF/)
    for (let count = 0; count < 3; count++) list.add(piece())
    expect(list.render(uri)).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:1\n')
    for (let count = 0; count < 9; count++) list.add(piece())
    expect(list.render(uri)).toContain('#EXT-X-DISCONTINUITY-SEQUENCE:1\n')
  })

  it('marks the end of the stream', () => {
    const list = new Playlist(0, limits)
    list.add(piece())
    list.end()
    expect(list.render(uri)).toMatch(/#EXT-X-ENDLIST\n$/)
  })
})
