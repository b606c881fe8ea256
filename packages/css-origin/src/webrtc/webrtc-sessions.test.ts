import { createFakeClock, RecordingLogger } from '@ivh-kit/kernel/testing'
import { describe, expect, it } from 'vitest'
import { avcKeyFrame, avcSequenceHeader } from '../flv/media-payload'
import { LiveStream } from '../stream/live-stream'
import { type MediaPeerOptions, NegotiationError } from './media-peer'
import { NoRoomError, WebRtcSessions } from './webrtc-sessions'

const avcc = Buffer.from('01420016ffe1000a67420016a680a02ff95001000468ce3c80', 'hex')

/** Sessions with scripted peers. */
function start(maxSessions = 2) {
  const { clock, timers } = createFakeClock()
  const logger = new RecordingLogger()
  const peers: (MediaPeerOptions & {
    pictures: number[]
    sounds: number[]
    closed: boolean
    received: number
  })[] = []
  const sessions = new WebRtcSessions({
    hosts: ['127.0.0.1'],
    maxSessions,
    connectTimeoutMs: 10_000,
    silenceTimeoutMs: 9_000,
    clock,
    logger,
    openPeer: async (offer, options) => {
      if (offer === 'bad') throw new NegotiationError('bad offer')
      const peer = {
        ...options,
        pictures: [],
        sounds: [],
        closed: false,
        received: 0,
      } as (typeof peers)[number]
      peers.push(peer)
      return {
        answer: 'answer',
        sendVideo: (_payloads, timestamp) => peer.pictures.push(timestamp),
        sendAudio: (_payload, timestamp) => peer.sounds.push(timestamp),
        received: () => peer.received,
        addCandidate: async () => undefined,
        close: async () => {
          peer.closed = true
        },
      }
    },
  })
  const stream = new LiveStream({
    app: 'live',
    name: 'm1',
    publishedAt: new Date(0),
    maxCachedBytes: 1e5,
  })
  stream.push({ type: 9, timestamp: 0, payload: avcSequenceHeader(avcc) })
  const picture = (timestamp: number): void => {
    const payload = avcKeyFrame(Buffer.from('000000026588', 'hex'))
    stream.push({ type: 9, timestamp, payload })
  }
  const speak = (timestampMs: number): void =>
    stream.soundtrack.offer({ timestampMs, samples: new Int16Array(320) })
  return { timers, logger, peers, sessions, stream, picture, speak }
}

describe('WebRTC sessions', () => {
  it('sends picture and sound on one time line from the connection on', async () => {
    const { peers, picture, sessions, speak, stream } = start()
    picture(1000)
    await sessions.open(stream, 'offer')
    speak(1040)
    picture(1040)
    expect(stream.info().viewers).toBe(0)
    peers[0]?.onConnected()
    picture(1080)
    picture(1120)
    expect(peers[0]?.pictures).toEqual([0, 40 * 90, 80 * 90])
    // The viewer gets the sound of 1060 to 1120 ms, counted from the picture at 1040 ms.
    expect(peers[0]?.sounds).toEqual([20 * 48, 40 * 48, 60 * 48, 80 * 48])
  })

  it('keeps picture and sound on one time line when the publisher restarts', async () => {
    const { peers, picture, sessions, speak, stream } = start()
    await sessions.open(stream, 'offer')
    peers[0]?.onConnected()
    picture(50_000)
    speak(50_040)
    picture(50_040)
    picture(0)
    picture(40)
    expect(peers[0]?.pictures).toEqual([0, 40, 80, 120].map((at) => at * 90))
    // The new timeline starts at 0. In real time its first picture comes 80 ms after the first picture of
    // the old timeline.
    expect(peers[0]?.sounds).toEqual([20, 40, 80, 100, 120].map((at) => at * 48))
  })

  it('sends silence from the first picture on when the stream has sound', async () => {
    const { peers, picture, sessions, stream } = start()
    stream.push({ type: 8, timestamp: 0, payload: Buffer.of(0xaf, 0, 0x11, 0x88) })
    await sessions.open(stream, 'offer')
    peers[0]?.onConnected()
    picture(1000)
    picture(1040)
    expect(peers[0]?.sounds).toEqual([0, 20 * 48, 40 * 48])
  })

  it('never sends sound with a time that goes back', async () => {
    const { peers, picture, sessions, stream } = start()
    const sound = (timestamp: number): void =>
      stream.push({ type: 8, timestamp, payload: Buffer.of(0xaf, 1, 2) })
    await sessions.open(stream, 'offer')
    peers[0]?.onConnected()
    for (let at = 0; at < 4000; at += 40) {
      // The sound lags the picture by two seconds; at 2 s, both step back by 800 ms.
      const back = at < 2000 ? 0 : 800
      picture(10_000 + at - back)
      sound(8000 + at - back)
    }
    const sounds = peers[0]?.sounds ?? []
    expect(sounds.at(-1)).toBe(3960 * 48)
    const steps = sounds.slice(1).map((at, index) => (at - (sounds[index] ?? 0)) / 48)
    expect(Math.min(...steps)).toBe(20)
    expect(Math.max(...steps)).toBeLessThanOrEqual(40)
  })

  it('removes a viewer that leaves, even before it is connected', async () => {
    const { peers, sessions, stream, timers } = start()
    await sessions.open(stream, 'offer')
    const session = await sessions.open(stream, 'offer')
    expect(sessions.size).toBe(2)
    await expect(sessions.open(stream, 'offer')).rejects.toThrow(NoRoomError)
    peers[0]?.onConnected()
    peers[0]?.onGone()
    peers[0]?.onGone()
    await session.close('test')
    peers[1]?.onConnected()
    expect([sessions.size, stream.info().viewers, timers.countTimers()]).toEqual([0, 0, 0])
    expect(peers.map(({ closed }) => closed)).toEqual([true, true])
  })

  it('removes a viewer that does not connect before the timeout', async () => {
    const { logger, peers, sessions, stream, timers } = start()
    await sessions.open(stream, 'offer')
    timers.tick(10_001)
    expect([sessions.size, peers[0]?.closed]).toEqual([0, true])
    expect(logger.text).toContain('the viewer did not connect before the timeout')
  })

  it('removes a viewer that is silent for nine seconds and keeps one that reports', async () => {
    const { logger, peers, sessions, stream, timers } = start()
    await sessions.open(stream, 'offer')
    await sessions.open(stream, 'offer')
    for (const peer of peers) peer.onConnected()
    const [there] = peers
    if (!there) throw new Error('no peer was opened')
    for (let second = 0; second < 60; second++) {
      if (second % 6 === 0) there.received += 1
      timers.tick(1000)
      expect(sessions.size).toBe(second < 8 ? 2 : 1)
    }
    expect([peers[0]?.closed, peers[1]?.closed]).toEqual([false, true])
    expect(logger.text).toContain('the viewer sent nothing for 9000 ms')
    await sessions.close()
    expect(timers.countTimers()).toBe(0)
  })

  it('closes a viewer when the stream ends during its connection', async () => {
    const { peers, sessions, stream, timers } = start()
    await sessions.open(stream, 'offer')
    stream.end()
    peers[0]?.onConnected()
    expect([sessions.size, peers[0]?.closed, timers.countTimers()]).toEqual([0, true, 0])
  })

  it('does not count a refused offer', async () => {
    const { sessions, stream, timers } = start(1)
    await expect(sessions.open(stream, 'bad')).rejects.toThrow('bad offer')
    expect([sessions.size, timers.countTimers()]).toEqual([0, 0])
    await sessions.open(stream, 'offer')
  })

  it('counts viewers that are being answered', async () => {
    const { sessions, stream } = start(2)
    const asked = Array.from({ length: 5 }, () => sessions.open(stream, 'offer'))
    const answers = await Promise.allSettled(asked)
    expect(answers.map(({ status }) => status)).toEqual([
      ...['fulfilled', 'fulfilled'],
      ...['rejected', 'rejected', 'rejected'],
    ])
    expect(sessions.size).toBe(2)
  })

  it('closes all viewers', async () => {
    const { peers, sessions, stream, timers } = start()
    await sessions.open(stream, 'offer')
    peers[0]?.onConnected()
    await sessions.close()
    expect([sessions.size, stream.info().viewers, timers.countTimers()]).toEqual([0, 0, 0])
  })
})
