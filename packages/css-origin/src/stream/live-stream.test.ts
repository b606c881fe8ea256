import { describe, expect, it } from 'vitest'
import type { FlvTag } from '../flv/flv-tag'
import { LiveStream } from './live-stream'
import type { Beginning, Viewer } from './viewer'

class RecordingViewer implements Viewer {
  readonly tags: FlvTag[] = []
  beginning: Beginning | undefined
  ended = false

  begin(beginning: Beginning): void {
    expect(this.beginning).toBeUndefined()
    this.beginning = beginning
  }
  send(tag: FlvTag): void {
    this.tags.push(tag)
  }
  end(): void {
    this.ended = true
  }

  get contains() {
    if (!this.beginning) return undefined
    const { audio, video } = this.beginning
    return { audio, video }
  }
  /** Each tag as `kind@timestamp`. */
  get seen(): string[] {
    return this.tags.map(({ payload, timestamp, type }) => {
      const [first = 0, second = 0] = payload
      if (type === 18) return `meta@${timestamp}`
      if (type === 8) return `${second === 0 ? 'asc' : 'sound'}@${timestamp}`
      if (second === 0) return `avcC@${timestamp}`
      return `${first >> 4 === 1 ? 'key' : 'delta'}@${timestamp}`
    })
  }
}

const meta: FlvTag = { type: 18, timestamp: 0, payload: Buffer.of(2) }
const avcC: FlvTag = { type: 9, timestamp: 0, payload: Buffer.of(0x17, 0, 0, 0, 0) }
const asc: FlvTag = { type: 8, timestamp: 0, payload: Buffer.of(0xaf, 0, 0x11) }
const key = (timestamp: number): FlvTag => ({ type: 9, timestamp, payload: Buffer.of(0x17, 1, 5) })
const delta = (timestamp: number): FlvTag => ({ type: 9, timestamp, payload: Buffer.of(0x27, 1) })
const sound = (timestamp: number): FlvTag => ({ type: 8, timestamp, payload: Buffer.of(0xaf, 1) })

function stream(maxCachedBytes = 1000, unplayable: string[] = []): LiveStream {
  return new LiveStream({
    ...{ app: 'live', name: 'm1', publishedAt: new Date(0), maxCachedBytes },
    onUnplayable: (track, codec) => unplayable.push(`${track}: ${codec}`),
  })
}

function watch(live: LiveStream): RecordingViewer & { leave: () => void } {
  const viewer = new RecordingViewer()
  return Object.assign(viewer, { leave: live.subscribe(viewer) })
}

describe('live stream', () => {
  it('sends everything from the first key frame to an early viewer', () => {
    const live = stream()
    const viewer = watch(live)
    for (const tag of [meta, avcC, asc, sound(10), key(20), sound(33), delta(60)]) live.push(tag)
    expect(viewer.seen).toEqual(['meta@0', 'avcC@0', 'asc@0', 'key@0', 'sound@13', 'delta@40'])
    expect(viewer.contains).toEqual({ audio: true, video: true })
  })

  it('starts a late viewer at the last key frame, at time 0', () => {
    const live = stream()
    for (const tag of [
      meta,
      avcC,
      asc,
      key(1000),
      delta(1040),
      key(2000),
      sound(2010),
      delta(2040),
    ]) {
      live.push(tag)
    }
    const viewer = watch(live)
    live.push(delta(2080))
    expect(viewer.seen).toEqual([
      'meta@0',
      'avcC@0',
      'asc@0',
      'key@0',
      'sound@10',
      'delta@40',
      'delta@80',
    ])
  })

  it('makes a viewer wait for the next key frame when the cache is full', () => {
    const live = stream(4)
    for (const tag of [avcC, key(0), delta(40), delta(80)]) live.push(tag)
    const viewer = watch(live)
    live.push(delta(120))
    expect(viewer.seen).toEqual([])
    live.push(key(160))
    expect(viewer.seen).toEqual(['avcC@0', 'key@0'])
    expect(viewer.contains).toEqual({ audio: false, video: true })
  })

  it('makes a viewer wait for the next key frame without a cache', () => {
    const live = stream(0)
    for (const tag of [avcC, key(0), delta(40)]) live.push(tag)
    const viewer = watch(live)
    for (const tag of [delta(80), key(120), delta(160)]) live.push(tag)
    expect(viewer.seen).toEqual(['avcC@0', 'key@0', 'delta@40'])
  })

  it('gives time 0 to sound from before the first picture', () => {
    const live = stream()
    for (const tag of [avcC, asc, key(500)]) live.push(tag)
    const viewer = watch(live)
    live.push(sound(490))
    expect(viewer.seen.at(-1)).toBe('sound@0')
  })

  it('continues the time over the wrap of 32 bits', () => {
    const live = stream()
    for (const tag of [avcC, key(0xffffffe0)]) live.push(tag)
    const viewer = watch(live)
    live.push(delta(0x08))
    expect(viewer.seen).toEqual(['avcC@0', 'key@0', 'delta@40'])
  })

  it('continues the time for all viewers when the publisher restarts', () => {
    const live = stream()
    for (const tag of [avcC, asc, key(50_000)]) live.push(tag)
    const early = watch(live)
    for (const tag of [key(0), sound(3), delta(40)]) live.push(tag)
    expect(early.seen.slice(2)).toEqual(['key@0', 'key@40', 'sound@43', 'delta@80'])
    expect(watch(live).seen.slice(2)).toEqual(['key@0', 'sound@3', 'delta@40'])
  })

  it('continues the time for a viewer after a month', () => {
    const live = stream()
    for (const tag of [avcC, key(0)]) live.push(tag)
    const viewer = watch(live)
    const day = 86_400_000
    for (let days = 1; days <= 31; days++) live.push(key(days * day))
    live.push(delta(31 * day + 40))
    expect(viewer.seen.slice(-2)).toEqual([`key@${31 * day}`, `delta@${31 * day + 40}`])
  })

  it('ignores a repeated header', () => {
    const live = stream()
    for (const tag of [meta, avcC, asc, key(0), delta(40)]) live.push(tag)
    const early = watch(live)
    for (const tag of [meta, avcC, asc]) live.push({ ...tag, payload: Buffer.from(tag.payload) })
    live.push(delta(80))
    const seen = ['meta@0', 'avcC@0', 'asc@0', 'key@0', 'delta@40', 'delta@80']
    expect([early.seen, watch(live).seen]).toEqual([seen, seen])
  })

  it('starts a stream of sound without a key frame', () => {
    const live = stream()
    const viewer = watch(live)
    for (const tag of [asc, sound(0), sound(500), sound(1000), sound(1020)]) live.push(tag)
    expect(viewer.seen).toEqual(['asc@0', 'sound@0', 'sound@20'])
    expect(viewer.contains).toEqual({ audio: true, video: false })
  })

  it('sends a new decoder configuration to current and later viewers', () => {
    const live = stream()
    for (const tag of [avcC, key(0)]) live.push(tag)
    const early = watch(live)
    live.push({ ...avcC, timestamp: 40, payload: Buffer.of(0x17, 0, 0, 0, 0, 1) })
    const late = watch(live)
    expect(late.seen).toEqual([])
    live.push(key(80))
    expect(early.seen).toEqual(['avcC@0', 'key@0', 'avcC@40', 'key@80'])
    expect(late.seen).toEqual(['avcC@0', 'key@0'])
  })

  it('starts a viewer near the live edge of a long group of pictures', () => {
    const live = stream(10_000)
    for (const tag of [avcC, asc, key(0)]) live.push(tag)
    for (let at = 40; at <= 11_000; at += 40) {
      live.push(delta(at))
      live.push(sound(at))
    }
    const viewer = watch(live)
    const pictures = viewer.tags.filter(({ payload, type }) => type === 9 && payload[1] === 1)
    const times = pictures.map(({ timestamp }) => timestamp)
    expect(times).toHaveLength(276)
    expect(times).toEqual([...new Set(times)].sort((one, other) => one - other))
    expect(times[0]).toBe(0)
    // Ten seconds in fast motion take 625 ms; the last second keeps its pace and its sound.
    expect(times.at(-1)).toBe(1625)
    expect(viewer.seen.filter((seen) => seen.startsWith('sound'))).toHaveLength(26)
    live.push(delta(11_040))
    expect(viewer.seen.at(-1)).toBe('delta@1665')
  })

  it('keeps the order of presentation in fast motion', () => {
    const live = stream()
    live.push(avcC)
    const picture = (timestamp: number, compositionMs: number): FlvTag => {
      const payload = Buffer.of(timestamp === 0 ? 0x17 : 0x27, 1, 0, 0, 0, 5)
      payload.writeIntBE(compositionMs, 2, 3)
      return { type: 9, timestamp, payload }
    }
    // Decoded as I P B B, presented as I B B P.
    for (const [at, composition] of [
      ...[[0, 80] as const, [40, 160] as const, [80, 40] as const, [120, 40] as const],
    ]) {
      live.push(picture(at, composition))
    }
    for (let at = 160; at <= 2000; at += 40) live.push(picture(at, 0))
    const viewer = watch(live)
    const presented = viewer.tags
      .filter(({ payload }) => payload[1] === 1)
      .map(({ payload, timestamp }) => timestamp + Buffer.from(payload).readIntBE(2, 3))
    expect([...presented.slice(0, 4), presented.at(-1)]).toEqual([5, 12, 7, 10, 1063])
  })

  it('sends the whole cache at its pace to a viewer with its own delay', () => {
    const live = stream()
    for (const tag of [avcC, key(0)]) live.push(tag)
    for (let at = 40; at <= 4000; at += 40) live.push(delta(at))
    const packager = Object.assign(new RecordingViewer(), { keepsPace: true })
    live.subscribe(packager)
    expect(packager.seen.slice(0, 3)).toEqual(['avcC@0', 'key@0', 'delta@40'])
    expect(packager.seen.at(-1)).toBe('delta@4000')
  })

  it('never sends a time that goes back', () => {
    const live = stream()
    for (const tag of [avcC, asc, key(5000), sound(5000)]) live.push(tag)
    const viewer = watch(live)
    for (let step = 1; step <= 50; step++) {
      const published = 5000 + 40 * step - (step > 20 ? 800 : 0)
      live.push(step % 10 === 0 ? key(published) : delta(published))
      live.push(sound(published))
    }
    for (const type of [8, 9]) {
      const times = viewer.tags.filter((tag) => tag.type === type).map((tag) => tag.timestamp)
      expect(times).toEqual([...times].sort((one, other) => one - other))
      expect(times.at(-1)).toBe(2000)
    }
  })

  it('starts a viewer with the sound when the pictures have ended', () => {
    const live = stream(4)
    for (const tag of [avcC, asc, key(0), delta(40), delta(80)]) live.push(tag)
    const viewer = watch(live)
    for (let at = 100; at <= 5080; at += 20) live.push(sound(at))
    expect(viewer.contains).toEqual({ audio: true, video: false })
    expect(viewer.seen).toEqual(['asc@0', 'sound@0'])
    // Pictures that depend on earlier ones wait for the next key frame, and so does their configuration.
    for (const tag of [delta(5090), key(5130), delta(5170)]) live.push(tag)
    expect(viewer.seen.slice(2)).toEqual(['avcC@50', 'key@50', 'delta@90'])
  })

  it('starts a viewer with the sound when the announced pictures never come', () => {
    const live = stream()
    const viewer = watch(live)
    for (const tag of [avcC, asc]) live.push(tag)
    for (let at = 0; at <= 5020; at += 20) live.push(sound(at))
    expect(viewer.contains).toEqual({ audio: true, video: false })
    expect(viewer.seen).toEqual(['asc@0', 'sound@0', 'sound@20'])
  })

  const mp3 = (timestamp: number): FlvTag => ({ type: 8, timestamp, payload: Buffer.of(0x2f, 1) })

  it('forgets the configuration and the cached media of an earlier codec', () => {
    const live = stream()
    for (const tag of [avcC, asc, key(0), sound(10), mp3(20), delta(40), mp3(46)]) live.push(tag)
    const viewer = watch(live)
    const types = viewer.tags.map(({ payload, type }) => `${type} ${payload[0]?.toString(16)}`)
    expect(types).toEqual(['9 17', '9 17', '8 2f', '9 27', '8 2f'])
    live.push(asc)
    expect(watch(live).seen).toEqual(['avcC@0', 'asc@0', 'key@0', 'delta@40'])
    // A picture in Sorenson H.263, which has no configuration.
    live.push({ type: 9, timestamp: 80, payload: Buffer.of(0x12, 1) })
    expect(watch(live).seen).toEqual(['asc@0', 'key@0'])
  })

  it('names a track that cannot be played, once, and forwards the other', () => {
    const unplayable: string[] = []
    const live = stream(1000, unplayable)
    const viewer = watch(live)
    const alaw = (timestamp: number): FlvTag => ({
      type: 8,
      timestamp,
      payload: Buffer.of(0x72, 1),
    })
    for (const tag of [avcC, alaw(0), key(0), alaw(20), delta(40), mp3(60)]) live.push(tag)
    expect(unplayable).toEqual(['audio: G.711 A-law'])
    expect(viewer.seen.filter((seen) => /key|delta/.test(seen))).toEqual(['key@0', 'delta@40'])
    live.push({ type: 9, timestamp: 80, payload: Buffer.from('906876633101', 'hex') })
    expect(unplayable.at(-1)).toBe('video: hvc1')
  })

  it.each([
    ['G.711', Buffer.of(0x72, 1), Buffer.of(0x72, 2)],
    [
      'AAC with a program config element',
      Buffer.from('af00118004c844002000c40d4c61766335392e33372e31303056e500', 'hex'),
      Buffer.of(0xaf, 1, 2),
    ],
  ])('leaves out %s for a viewer that plays only usual codecs', (_name, first, next) => {
    const unplayable: string[] = []
    const live = stream(1000, unplayable)
    const browser = Object.assign(new RecordingViewer(), { onlyPlayable: true })
    live.subscribe(browser)
    const all = watch(live)
    for (const tag of [avcC, { ...asc, payload: first }, key(0)]) live.push(tag)
    for (const tag of [{ ...sound(20), payload: next }, delta(40)]) live.push(tag)
    expect(browser.contains).toEqual({ audio: false, video: true })
    expect(browser.seen).toEqual(['avcC@0', 'key@0', 'delta@40'])
    expect(all.tags.filter(({ type }) => type === 8).length).toBeGreaterThan(0)
    expect(unplayable).toHaveLength(1)
    live.push({ ...asc, timestamp: 60, payload: Buffer.of(0xaf, 0, 0x11, 0x88) })
    live.push(sound(80))
    expect(browser.seen.slice(3)).toEqual(['asc@60', 'sound@80'])
  })

  it('starts a late viewer without pictures when they ended five seconds ago', () => {
    const live = stream()
    for (const tag of [avcC, asc, key(0), delta(40)]) live.push(tag)
    for (let at = 60; at <= 5040; at += 20) live.push(sound(at))
    const viewer = watch(live)
    for (const tag of [sound(5060), sound(5080)]) live.push(tag)
    expect(viewer.contains).toEqual({ audio: true, video: false })
    expect(viewer.seen).toEqual(['asc@0', 'sound@0', 'sound@20'])
  })

  it('sends nothing to a removed viewer', () => {
    const live = stream()
    for (const tag of [avcC, key(0)]) live.push(tag)
    const leaver = watch(live)
    const stayer = watch(live)
    expect(live.info().viewers).toBe(2)
    leaver.leave()
    live.push(delta(40))
    expect(leaver.seen).toEqual(['avcC@0', 'key@0'])
    expect(stayer.seen).toEqual(['avcC@0', 'key@0', 'delta@40'])
    expect(live.info().viewers).toBe(1)
  })

  it('ends every viewer, including those that wait for a key frame', () => {
    const live = stream()
    const waiting = watch(live)
    live.end()
    expect(waiting.ended).toBe(true)
    expect(live.info().viewers).toBe(0)
  })

  it('counts the received tags and bytes', () => {
    const live = stream()
    for (const tag of [meta, avcC, asc, key(0), sound(3), sound(24)]) live.push(tag)
    expect(live.info()).toMatchObject({
      videoTags: 1,
      audioTags: 2,
      bytesIn: 1 + 5 + 3 + 3 + 2 + 2,
    })
  })
})
