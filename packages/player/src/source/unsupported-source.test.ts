import { describe, expect, it } from 'vitest'
import { alternativeSources } from './alternative-sources'
import { classifySource, type Source } from './classify-source'
import { redactAddress } from './redact-address'
import { mixedContent, unsupportedSource } from './unsupported-source'

const signed =
  'rtmp://play.example.com:1935/live/m789?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099'
const page = 'https://shop.example.com/'
const canPlay = ({ kind }: Source) => kind === 'flv'

describe('alternativeSources', () => {
  it('keeps the query and drops the RTMP port', () => {
    const query = '?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099'
    expect(alternativeSources({ kind: 'rtmp', url: signed }).map(({ url }) => url)).toEqual([
      `https://play.example.com/live/m789.flv${query}`,
      `https://play.example.com/live/m789.m3u8${query}`,
      `webrtc://play.example.com/live/m789${query}`,
    ])
  })

  it('replaces the extension and keeps an HTTP port', () => {
    const source = classifySource('http://127.0.0.1:8080/live/m1.m3u8', page)
    expect(alternativeSources(source).map(({ url }) => url)).toEqual([
      'http://127.0.0.1:8080/live/m1.flv',
      'webrtc://127.0.0.1/live/m1',
    ])
  })

  it('returns none for an address without app and stream', () => {
    expect(alternativeSources({ kind: 'rtmp', url: 'rtmp://play.example.com/live' })).toEqual([])
    expect(alternativeSources({ kind: 'invalid', url: 'nonsense' })).toEqual([])
  })
})

describe('unsupportedSource', () => {
  it('lists playable and unplayable addresses without the secret', () => {
    const error = unsupportedSource(classifySource(signed, page), canPlay)
    expect(error.reason).toBe('unsupported')
    expect(error.code).toBe(4)
    expect(error.message).toContain('No browser can play RTMP addresses.')
    expect(error.message).toContain(
      'plays here as https://play.example.com/live/m789.flv?txSecret=***&txTime=5C271099 (HTTP-FLV)',
    )
    expect(error.message).toContain('webrtc://play.example.com/live/m789')
    expect(error.alternatives.map(({ label, playable }) => [label, playable])).toEqual([
      ['HTTP-FLV', true],
      ['HLS', false],
      ['WebRTC (LEB)', false],
    ])
    expect(JSON.stringify(error) + error.message + error.stack).not.toContain('f85a2ab363fe4')
  })

  it('lists every address as playable when engines play all of them', () => {
    const error = unsupportedSource(classifySource(signed, page), ({ kind }) => kind !== 'rtmp')
    expect(error.alternatives.every(({ playable }) => playable)).toBe(true)
    expect(error.message).not.toContain('This version does not play')
  })

  it.each([
    ['https://play.example.com/live/m1.m3u8', 'does not play HLS addresses'],
    ['webrtc://play.example.com/live/m1', 'does not play WebRTC (LEB) addresses'],
    ['https://play.example.com/watch?token=s3cr3t', 'should end in .flv'],
    ['http://[', 'not a valid address'],
    ['ws://play.example.com:8080/live/m1.flv', 'does not play WebSocket addresses'],
    ['blob:https://play.example.com/0b1c', 'does not play blob: addresses'],
    ['ftp://play.example.com/live/m1.flv', 'does not play ftp: addresses'],
  ])('explains why %s does not play', (address, words) => {
    const { message } = unsupportedSource(classifySource(address, page), canPlay)
    expect(message).toContain(words)
    expect(message).not.toContain('s3cr3t')
  })

  it.each([
    ['ws://play.example.com:8080/live/m1.flv?a=1', 'http://play.example.com:8080/live/m1.flv?a=1'],
    ['WSS://play.example.com/live/m1.flv', 'https://play.example.com/live/m1.flv'],
  ])('suggests the HTTP-FLV address for %s', (address, flv) => {
    const error = unsupportedSource(classifySource(address, page), canPlay)
    expect(error.message).toContain(`plays here as ${flv} (HTTP-FLV)`)
    expect(error.message).not.toContain('should end in .flv')
    expect(error.alternatives[0]).toEqual({ label: 'HTTP-FLV', url: flv, playable: true })
  })

  it('suggests the https address for mixed content', () => {
    const error = mixedContent('http://play.example.com/live/m1.flv?txSecret=abc')
    expect(error.message).toContain('https://play.example.com/live/m1.flv?txSecret=***')
  })
})

describe('redactAddress', () => {
  it('hides only passwords and the values of secret parameters', () => {
    expect(redactAddress('trtc://u:p@room?userSig=eJw&room=5&privateMapKey=k#x')).toBe(
      'trtc://***@room?userSig=***&room=5&privateMapKey=***#x',
    )
    expect(redactAddress('srt://h:9000?streamid=#!::h=h,r=live/s,txSecret=abc,txTime=5C')).toBe(
      'srt://h:9000?streamid=#!::h=h,r=live/s,txSecret=***,txTime=5C',
    )
    expect(redactAddress('https://h/live/a.flv?bizid=2157')).toBe('https://h/live/a.flv?bizid=2157')
  })
})
