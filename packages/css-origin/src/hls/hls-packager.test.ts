import { createFakeClock } from '@ivh-kit/kernel/testing'
import { describe, expect, it } from 'vitest'
import { avcKeyFrame, avcSequenceHeader } from '../flv/media-payload'
import { LiveStream } from '../stream/live-stream'
import { HlsPackager } from './hls-packager'

const avcc = Buffer.from('01420016ffe1000a67420016a680a02ff95001000468ce3c80', 'hex')

function start(publishedAt = 5000) {
  const { clock, timers } = createFakeClock()
  const packager = new HlsPackager({
    clock,
    segmentMs: 1000,
    maxBytes: 1e6,
    idleMs: 60_000,
    timeoutMs: 10_000,
  })
  const publish = (at = publishedAt): LiveStream => {
    const stream = new LiveStream({
      app: 'live',
      name: 'm1',
      publishedAt: new Date(at),
      maxCachedBytes: 1e5,
    })
    stream.push({ type: 9, timestamp: 0, payload: avcSequenceHeader(avcc) })
    return stream
  }
  return { timers, packager, publish }
}

function run(stream: LiveStream, fromMs: number, toMs: number): void {
  for (let timestamp = fromMs; timestamp <= toMs; timestamp += 40) {
    const payload = avcKeyFrame(Buffer.from('000000026588', 'hex'))
    stream.push({ type: 9, timestamp, payload })
  }
}

const uri = (sequence: number): string => `${sequence}`

describe('HLS packager', () => {
  it('starts with the first request, from the cached key frame', async () => {
    const { packager, publish } = start()
    const stream = publish()
    run(stream, 0, 2000)
    expect(stream.info().viewers).toBe(0)
    packager.open(stream)
    packager.open(stream)
    expect(stream.info().viewers).toBe(1)
    const waiting = packager.playlist('live', 'm1')
    run(stream, 2040, 3040)
    expect((await waiting)?.render(uri)).toContain('#EXT-X-MEDIA-SEQUENCE:5\n')
    expect(packager.segment('live', 'm1', 5)?.length).toBeGreaterThan(188)
    expect(packager.segment('live', 'm1', 6)).toBeUndefined()
  })

  it('waits for the first segment until the timeout', async () => {
    const { packager, publish, timers } = start()
    packager.open(publish())
    const waiting = packager.playlist('live', 'm1')
    timers.tick(10_001)
    expect(await waiting).toBeUndefined()
    expect(await packager.playlist('live', 'other')).toBeUndefined()
  })

  it('keeps the last list of an ended stream readable for idleMs', async () => {
    const { packager, publish, timers } = start()
    const stream = publish()
    packager.open(stream)
    run(stream, 0, 2000)
    stream.end()
    const text = (await packager.playlist('live', 'm1'))?.render(uri)
    expect(text).toMatch(/#EXT-X-ENDLIST\n$/)
    timers.tick(61_000)
    expect(await packager.playlist('live', 'm1')).toBeUndefined()
    expect(timers.countTimers()).toBe(0)
  })

  it('stops packaging after idleMs without requests', async () => {
    const { packager, publish, timers } = start()
    const stream = publish()
    packager.open(stream)
    run(stream, 0, 2000)
    timers.tick(50_000)
    await packager.playlist('live', 'm1')
    timers.tick(50_000)
    expect(stream.info().viewers).toBe(1)
    timers.tick(11_000)
    expect(stream.info().viewers).toBe(0)
    expect(timers.countTimers()).toBe(0)
  })

  it('continues the playlist when a publisher returns', async () => {
    const { packager, publish } = start()
    const first = publish()
    packager.open(first)
    run(first, 0, 3000)
    first.end()
    const second = publish(5400)
    packager.open(second)
    const list = await packager.playlist('live', 'm1')
    expect(list?.render(uri)).not.toContain('ENDLIST')
    run(second, 0, 1040)
    // The first stream has the segments 5, 6 and 7, and the rest at its end is segment 8.
    expect(list?.render(uri)).toMatch(/:5\n[\s\S]*\n8\n#EXT-X-DISCONTINUITY\n#EXTINF:0.960,\n9\n$/)
  })

  it('keeps the list open for a lost publisher that returns', async () => {
    const { packager, publish, timers } = start()
    const first = publish()
    packager.open(first)
    run(first, 0, 3000)
    first.end(true)
    timers.tick(14_000)
    const away = (await packager.playlist('live', 'm1'))?.render(uri)
    expect(away).not.toContain('ENDLIST')
    const second = publish(19_000)
    packager.open(second)
    run(second, 0, 1040)
    timers.tick(20_000)
    const back = (await packager.playlist('live', 'm1'))?.render(uri)
    expect(back).not.toContain('ENDLIST')
    expect(back).toMatch(/\n8\n#EXT-X-DISCONTINUITY\n#EXTINF:0.960,\n9\n$/)
  })

  it('ends the list of a lost publisher after 15 seconds', async () => {
    const { packager, publish, timers } = start()
    const stream = publish()
    packager.open(stream)
    run(stream, 0, 2000)
    stream.end(true)
    timers.tick(15_001)
    expect((await packager.playlist('live', 'm1'))?.render(uri)).toMatch(/#EXT-X-ENDLIST\n$/)
    timers.tick(61_000)
    expect(timers.countTimers()).toBe(0)
  })

  it('starts another list after a viewer has got the end of the first', async () => {
    const { packager, publish } = start()
    const first = publish()
    packager.open(first)
    run(first, 0, 3000)
    first.end()
    const ended = await packager.playlist('live', 'm1')
    expect(ended?.render(uri)).toContain('ENDLIST')
    const second = publish(5400)
    packager.open(second)
    run(second, 0, 1040)
    expect(ended?.render(uri)).toContain('ENDLIST')
    const list = (await packager.playlist('live', 'm1'))?.render(uri)
    expect(list).toMatch(/MEDIA-SEQUENCE:9\n#EXTINF:0.960,\n9\n$/)
  })

  it('continues the numbers of a stream after a time without requests', async () => {
    const { packager, publish, timers } = start()
    const stream = publish()
    packager.open(stream)
    run(stream, 0, 3000)
    timers.tick(61_000)
    expect(packager.segment('live', 'm1', 5)).toBeUndefined()
    packager.open(stream)
    run(stream, 64_000, 65_040)
    const text = (await packager.playlist('live', 'm1'))?.render(uri)
    expect(text).toContain('#EXT-X-MEDIA-SEQUENCE:8\n#EXT-X-DISCONTINUITY\n')
  })

  it('keeps the target duration when key frames become rarer', async () => {
    const { packager, publish } = start()
    const stream = publish()
    packager.open(stream)
    run(stream, 0, 1000)
    for (let timestamp = 1040; timestamp < 20_000; timestamp += 40) {
      const payload = Buffer.from('2701000000000000024188', 'hex')
      stream.push({ type: 9, timestamp, payload })
    }
    const text = (await packager.playlist('live', 'm1'))?.render(uri) ?? ''
    expect(text).toContain('#EXT-X-TARGETDURATION:1\n')
    const durations = [...text.matchAll(/#EXTINF:(.*),/g)].map(([, seconds]) => Number(seconds))
    expect(durations).toHaveLength(6)
    for (const seconds of durations) expect(Math.round(seconds)).toBe(1)
  })

  it('releases streams and waiting requests on close', async () => {
    const { packager, publish, timers } = start()
    const stream = publish()
    packager.open(stream)
    const waiting = packager.playlist('live', 'm1')
    packager.close()
    expect(await waiting).toBeUndefined()
    expect([stream.info().viewers, timers.countTimers()]).toEqual([0, 0])
  })
})
