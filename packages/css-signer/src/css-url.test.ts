import { describe, expect, it } from 'vitest'
import { parseCssUrl } from './css-url'

const parsed = { appName: 'live', streamName: 'm789', txSecret: 'aa', txTime: 'bb' }
const signature = 'txSecret=aa&txTime=bb'

describe('parseCssUrl', () => {
  it.each([
    [`rtmp://h.example/live/m789?${signature}`, { scheme: 'rtmp', host: 'h.example' }],
    [`webrtc://h.example:80/live/m789?${signature}`, { scheme: 'webrtc', host: 'h.example:80' }],
    [`http://h.example/live/m789.flv?${signature}`, { scheme: 'http', host: 'h.example' }],
    [`https://[::1]:1/live/m789.m3u8?${signature}`, { scheme: 'https', host: '[::1]:1' }],
    [`HTTPS://H.EXAMPLE/live/m789.mpd?${signature}`, { scheme: 'https', host: 'h.example' }],
    ['rtmp://h.example/live/m789?txTime=bb&x=%20&x&&txSecret=aa', { scheme: 'rtmp' }],
    [
      'srt://h.example:9000?streamid=#!::h=h.example,r=live/m789,txSecret=aa,txTime=bb',
      { scheme: 'srt', host: 'h.example:9000' },
    ],
    [
      'srt://h.example:9000/?streamid=#!::txTime=bb,m=publish,txSecret=aa,r=live/m789,h=H.example',
      { scheme: 'srt' },
    ],
  ])('reads %s', (url, expected) => {
    expect(parseCssUrl(url)).toMatchObject({ ...parsed, ...expected })
  })

  it('returns undecoded parts, and keeps an extension outside HTTP', () => {
    expect(parseCssUrl('rtmp://h/live/a%2Eflv?txSecret=%61&txTime=+=')).toMatchObject({
      streamName: 'a%2Eflv',
      txSecret: '%61',
      txTime: '+=',
    })
    expect(parseCssUrl('webrtc://h/live/a.flv')).toMatchObject({
      streamName: 'a.flv',
      txSecret: undefined,
    })
    expect(parseCssUrl('http://h/live/a.flv.flv')).toMatchObject({ streamName: 'a.flv' })
  })

  it.each([
    '',
    'm789',
    'ftp://h/live/m789.flv',
    'rtmp://h/m789',
    'rtmp://h/live/',
    'rtmp:///live/m789',
    'rtmp://h/live/deep/m789',
    'rtmp://h/live/m789/',
    `rtmp://h/live/m789?${signature}#part`,
    'https://h/live/m789',
    'https://h/live/m789.ts',
    'https://h/live/.flv',
    `rtmp://h/live/m789?${signature}&txSecret=cc`,
    `rtmp://h/live/m789?txTime=cc&${signature}`,
    'srt://h:9000',
    'srt://h:9000?streamid=live/m789',
    'srt://h:9000?streamid=#!::h=h,txSecret=aa,txTime=bb',
    'srt://h:9000?streamid=#!::h=h,r=m789,txSecret=aa,txTime=bb',
    'srt://h:9000?streamid=#!::h=other,r=live/m789,txSecret=aa,txTime=bb',
    'srt://h:9000?streamid=#!::h=h,r=live/m789,r=live/m788,txSecret=aa,txTime=bb',
  ])('refuses %j', (url) => {
    expect(parseCssUrl(url)).toBeUndefined()
  })
})
