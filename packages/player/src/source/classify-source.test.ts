import { describe, expect, it } from 'vitest'
import { classifySource, isLoopback, isMixedContent } from './classify-source'

const page = 'https://shop.example.com/room/'

describe('classifySource', () => {
  it.each([
    ['https://play.example.com/live/m789.flv', 'flv'],
    ['https://play.example.com/live/m789.FLV?txSecret=ab&txTime=5C271099', 'flv'],
    ['http://127.0.0.1:8080/live/m789.m3u8?a=x.flv', 'hls'],
    ['https://play.example.com/live/m789.mpd?txPackageType=dash-iso', 'dash'],
    ['webrtc://play.example.com/live/m789', 'webrtc'],
    ['rtmp://liveplay.ivh.qq.com/live/m789', 'rtmp'],
    ['RTMPS://play.example.com/live/m789', 'rtmp'],
    ['srt://play.example.com:9000?streamid=x', 'srt'],
    ['trtc://room', 'trtc'],
    ['https://play.example.com/live/m789', 'unknown'],
    ['ftp://play.example.com/live/m789.flv', 'unknown'],
    ['http://[', 'invalid'],
  ] as const)('classifies %s as %s', (address, kind) => {
    expect(classifySource(address, page).kind).toBe(kind)
  })

  it('resolves an address relative to the page', () => {
    expect(classifySource(' live/m1.flv ', page)).toEqual({
      kind: 'flv',
      url: 'https://shop.example.com/room/live/m1.flv',
    })
  })
})

describe('isMixedContent', () => {
  it('is true for an http stream in an https page, unless it is on this machine', () => {
    expect(isMixedContent('http://play.example.com/live/a.flv', page)).toBe(true)
    expect(isMixedContent('https://play.example.com/live/a.flv', page)).toBe(false)
    expect(isMixedContent('http://127.0.0.1:80/live/a.flv', page)).toBe(false)
    expect(isMixedContent('http://play.example.com/live/a.flv', 'http://a.example/')).toBe(false)
  })
})

describe('isLoopback', () => {
  it('recognises the names of this machine', () => {
    expect(isLoopback('http://localhost:1/a.flv')).toBe(true)
    expect(isLoopback('http://[::1]/a.flv')).toBe(true)
    expect(isLoopback('http://localhost.example.com/a.flv')).toBe(false)
    expect(isLoopback('no address')).toBe(false)
  })
})
