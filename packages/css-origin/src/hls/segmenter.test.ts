import { describe, expect, it } from 'vitest'
import type { FlvTag } from '../flv/flv-tag'
import { type Segment, Segmenter } from './segmenter'

const avcc = Buffer.from('01420016ffe1000a67420016a680a02ff95001000468ce3c80', 'hex')
const avcC: FlvTag = {
  type: 9,
  timestamp: 0,
  payload: Buffer.concat([Buffer.from('1700000000', 'hex'), avcc]),
}
const otherAvcC: FlvTag = { ...avcC, payload: Buffer.from(avcC.payload).fill(31, 8, 9) }
const asc: FlvTag = { type: 8, timestamp: 0, payload: Buffer.from('af001188', 'hex') }

function frame(timestamp: number, keyFrame = true, size = 20): FlvTag {
  const unit = Buffer.alloc(size, keyFrame ? 0x65 : 0x41)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(size)
  const head = Buffer.from(keyFrame ? '1701000000' : '2701000000', 'hex')
  return { type: 9, timestamp, payload: Buffer.concat([head, length, unit]) }
}
const sound = (timestamp: number): FlvTag => ({
  type: 8,
  timestamp,
  payload: Buffer.from('af01010203', 'hex'),
})

function watch(maxSegmentBytes = 1e6) {
  const segments: Segment[] = []
  let ended = false
  const segmenter = new Segmenter({
    targetMs: 1000,
    longestMs: () => 10_199,
    maxSegmentBytes,
    onSegment: (segment) => segments.push(segment),
    onEnd: () => {
      ended = true
    },
  })
  const send = (...tags: readonly FlvTag[]): void => {
    for (const tag of tags) segmenter.send(tag)
  }
  return {
    segmenter,
    segments,
    send,
    get ended() {
      return ended
    },
    get durations() {
      return segments.map(({ durationMs }) => durationMs)
    },
  }
}

/** Counts the pictures and sounds that start in a segment. */
function contents({ bytes }: Segment): { pictures: number; sounds: number } {
  let pictures = 0
  let sounds = 0
  for (let at = 0; at < bytes.length; at += 188) {
    const head = bytes.readUInt16BE(at + 1)
    if (head === 0x4100) pictures += 1
    if (head === 0x4101) sounds += 1
  }
  return { pictures, sounds }
}

describe('segmenter', () => {
  it('cuts at the first key frame after a second', () => {
    const live = watch()
    live.send(avcC)
    for (let at = 0; at <= 3000; at += 40) live.send(frame(at))
    expect(live.durations).toEqual([960, 960, 960])
    const [first] = live.segments
    expect(first && contents(first)).toEqual({ pictures: 24, sounds: 0 })
  })

  it('makes longer segments when key frames are rare', () => {
    const live = watch()
    live.send(avcC)
    for (let at = 0; at <= 4000; at += 40) live.send(frame(at, at % 2000 === 0))
    expect(live.durations).toEqual([2000, 2000])
  })

  it('cuts without a key frame after too much time or too many bytes', () => {
    const endless = watch()
    endless.send(avcC, frame(0))
    for (let at = 40; at <= 20_000; at += 40) endless.send(frame(at, false))
    expect(endless.durations).toEqual([10_000, 10_000])
    const large = watch(50_000)
    large.send(avcC, frame(0, true, 60_000), frame(40, false), frame(80, false))
    expect(large.durations).toEqual([40])
  })

  it('puts sound into the segment of its arrival', () => {
    const live = watch()
    live.send(avcC, asc)
    for (let at = 0; at <= 2000; at += 40) live.send(frame(at), sound(at), sound(at + 20))
    expect(live.segments.map(contents)).toEqual([
      { pictures: 24, sounds: 48 },
      { pictures: 24, sounds: 48 },
    ])
  })

  it('cuts sound without pictures by time', () => {
    const live = watch()
    live.send(asc)
    for (let at = 0; at <= 2000; at += 20) live.send(sound(at))
    expect(live.durations).toEqual([960, 960])
  })

  it('adds sound that starts later with the next segment', () => {
    const live = watch()
    live.send(avcC)
    for (let at = 0; at <= 2000; at += 40) {
      if (at === 400) live.send(asc)
      live.send(frame(at))
      if (at >= 400) live.send(sound(at))
    }
    expect(live.segments.map(contents)).toEqual([
      { pictures: 24, sounds: 0 },
      { pictures: 24, sounds: 24 },
    ])
    expect(live.segments.map(({ discontinuity }) => discontinuity)).toEqual([false, true])
  })

  it('continues with sound when the pictures stop', () => {
    const live = watch()
    live.send(avcC, asc, frame(0), frame(40))
    for (let at = 60; at <= 21_000; at += 20) live.send(sound(at))
    expect(live.durations).toEqual([10_000, 10_000])
  })

  it('marks a jump of time and a new configuration', () => {
    const live = watch()
    live.send(avcC, frame(0), frame(40), frame(50_000), frame(50_040))
    live.send(otherAvcC, frame(50_080, false), frame(50_120), frame(50_160))
    live.segmenter.end(false)
    expect(
      live.segments.map(({ discontinuity, durationMs }) => [discontinuity, durationMs]),
    ).toEqual([
      [false, 80],
      [true, 80],
      [true, 80],
    ])
  })

  it('ignores a repeated configuration', () => {
    const live = watch()
    live.send(avcC, asc)
    for (let at = 0; at <= 2000; at += 40) live.send(avcC, asc, frame(at), sound(at))
    expect(live.segments.map(({ discontinuity }) => discontinuity)).toEqual([false, false])
    expect(live.segments.map(contents)).toEqual([
      { pictures: 24, sounds: 24 },
      { pictures: 24, sounds: 24 },
    ])
  })

  it('starts a segment with a discontinuity when the pictures start after the sound', () => {
    const live = watch()
    live.send(asc)
    for (let at = 0; at <= 400; at += 20) live.send(sound(at))
    live.send(avcC, frame(420, false), sound(420))
    for (let at = 440; at <= 1500; at += 40) live.send(frame(at), sound(at))
    expect(live.segments.map((segment) => [segment.discontinuity, contents(segment)])).toEqual([
      [false, { pictures: 0, sounds: 21 }],
      [true, { pictures: 24, sounds: 24 }],
    ])
  })

  it('marks a new configuration of the sound', () => {
    const live = watch()
    live.send(asc)
    for (let at = 0; at < 400; at += 20) live.send(sound(at))
    live.send({ ...asc, payload: Buffer.from('af001210', 'hex') }, sound(400), sound(420))
    live.segmenter.end(false)
    expect(live.segments.map(({ discontinuity }) => discontinuity)).toEqual([false, true])
  })

  it.each([
    ['MP3', Buffer.of(0x2f, 1, 2, 3)],
    ['G.711', Buffer.of(0x72, 1, 2, 3)],
    ['AAC with 16 channels', Buffer.from('af0011f8', 'hex')],
  ])('continues with the pictures when the sound changes to %s', (_name, payload) => {
    const live = watch()
    live.send(avcC, asc)
    for (let at = 0; at <= 2000; at += 40) {
      live.send(frame(at), at < 1000 ? sound(at) : { type: 8, timestamp: at, payload })
    }
    live.segmenter.end(false)
    expect(live.segments.map((segment) => [segment.discontinuity, contents(segment)])).toEqual([
      [false, { pictures: 24, sounds: 24 }],
      [false, { pictures: 2, sounds: 1 }],
      [true, { pictures: 24, sounds: 0 }],
      [false, { pictures: 1, sounds: 0 }],
    ])
  })

  it('continues with the sound when the pictures change to HEVC', () => {
    const live = watch()
    live.send(avcC, asc)
    for (let at = 0; at <= 2000; at += 40) {
      const hevc = { type: 9, timestamp: at, payload: Buffer.from('906876633101', 'hex') } as const
      live.send(at < 1000 ? frame(at) : hevc, sound(at))
    }
    expect(live.segments.map(contents).at(-1)).toEqual({ pictures: 0, sounds: 24 })
  })

  it('makes a segment of the remaining media at the end of the stream', () => {
    const live = watch()
    live.send(avcC, frame(0), frame(40))
    live.segmenter.end(false)
    expect([live.durations, live.ended]).toEqual([[80], true])
  })

  it('ignores pictures without a configuration and other codecs', () => {
    const live = watch()
    live.send(frame(0), { type: 9, timestamp: 0, payload: Buffer.of(0x12, 1, 2, 3, 4, 5, 6) })
    live.send({ type: 8, timestamp: 0, payload: Buffer.of(0x2f, 1, 2, 3) })
    live.segmenter.end(false)
    expect(live.segments).toEqual([])
  })
})
