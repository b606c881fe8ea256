import { expect, it } from 'vitest'
import { playbackOf } from './playback'

it.each([
  [undefined, {}],
  [null, {}],
  ['', {}],
  ['rtmp://h/live/m1', { rtmp: 'rtmp://h/live/m1' }],
  ['RTMP://h/live/m1', { rtmp: 'RTMP://h/live/m1' }],
  ['rtmps://h/live/m1', { rtmp: 'rtmps://h/live/m1' }],
  ['webrtc://h/live/m1', { webrtc: 'webrtc://h/live/m1' }],
  ['https://h/live/m1.flv?a=1', { flv: 'https://h/live/m1.flv?a=1' }],
  ['http://h/live/m1.m3u8', { hls: 'http://h/live/m1.m3u8' }],
  ['https://h/live/m1.m3u8?txTime=5C', { hls: 'https://h/live/m1.m3u8?txTime=5C' }],
  ['room://4711?userSig=s', { trtc: 'room://4711?userSig=s' }],
  ['anything://4711', { trtc: 'anything://4711' }],
])('playbackOf maps %s to %o', (address, playback) => expect(playbackOf(address)).toEqual(playback))
