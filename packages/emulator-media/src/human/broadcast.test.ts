import { describe, expect, test } from 'vitest'
import { PictureBank } from '../bank/picture-bank'
import { drawnExpressions } from '../face/expression'
import type { FlvTag } from '../flv/flv-tag'
import type { Amf0Object } from '../rtmp/amf0'
import { fakeBankData } from '../testing/fake-bank'
import { ManualClock } from '../testing/manual-clock'
import { Broadcast } from './broadcast'
import { FrameClock } from './frame-clock'

class RecordingPublisher {
  readonly sent: FlvTag[] = []
  metadata: Amf0Object | undefined
  blocked = false

  sendMetadata(metadata: Amf0Object): void {
    this.metadata = metadata
  }
  sendHeader(tag: FlvTag): void {
    this.sent.push(tag)
  }
  send(tags: readonly FlvTag[]): boolean {
    if (!this.blocked) this.sent.push(...tags)
    return !this.blocked
  }

  get pictures(): FlvTag[] {
    return this.sent.filter(({ payload, type }) => type === 9 && payload[1] === 1)
  }
  get sounds(): FlvTag[] {
    return this.sent.filter(({ payload, type }) => type === 8 && payload[1] === 1)
  }
  /** The mouths of the pictures from `index` on. */
  mouthsFrom(index: number): Set<string | undefined> {
    const drawn = drawnExpressions()
    return new Set(this.pictures.slice(index).map(({ payload }) => drawn[payload[5] ?? -1]?.mouth))
  }
}

function start() {
  const clock = new ManualClock()
  const publisher = new RecordingPublisher()
  const bank = new PictureBank(fakeBankData())
  const broadcast = new Broadcast({ bank, publisher, frames: FrameClock.of(clock), seed: 1 })
  return { broadcast, clock, publisher }
}

describe('broadcast', () => {
  test('opens with metadata, both headers and the first picture', () => {
    const { publisher } = start()
    expect(publisher.metadata).toMatchObject({ width: 640, height: 360, framerate: 25 })
    expect(
      publisher.sent.slice(0, 3).map(({ payload, type }) => [type, payload[0], payload[1]]),
    ).toEqual([
      [9, 0x17, 0],
      [8, 0xaf, 0],
      [9, 0x17, 1],
    ])
  })

  test('a picture every 40 ms and sound without a gap', () => {
    const { clock, publisher } = start()
    clock.advance(4000)
    expect(publisher.pictures.map(({ timestamp }) => timestamp)).toEqual(
      Array.from({ length: 101 }, (_, index) => index * 40),
    )
    const sounds = publisher.sounds.map(({ timestamp }) => timestamp)
    expect(sounds).toEqual(sounds.map((_, index) => Math.round((index * 1024) / 48)))
    expect(sounds.at(-1)).toBeGreaterThanOrEqual(4000)
    expect(sounds.at(-1)).toBeLessThan(4040)
  })

  test('pictures in a row differ in parity, also after some were dropped', () => {
    const { clock, publisher } = start()
    clock.advance(200)
    publisher.blocked = true
    clock.advance(40)
    publisher.blocked = false
    clock.advance(200)
    const parities = publisher.pictures.map(({ payload }) => payload[6] ?? -1)
    expect(parities).toEqual(parities.map((_, index) => index % 2))
  })

  test('after a short stall pictures are skipped and the sound is made up for', () => {
    const { clock, publisher } = start()
    clock.stall(400)
    expect(publisher.pictures.map(({ timestamp }) => timestamp)).toEqual([0, 400])
    expect(publisher.sounds).toHaveLength(21)
  })

  test('after a long stall the sound goes on from now instead of coming in a burst', () => {
    const { clock, publisher } = start()
    const before = publisher.sounds.length
    clock.stall(3_600_000)
    const after = publisher.sounds.slice(before)
    expect(after.length).toBeLessThanOrEqual(2)
    expect(after[0]?.timestamp).toBeGreaterThanOrEqual(3_600_000)
  })

  test('the mouth moves while it speaks and rests after, or after hush', () => {
    const { broadcast, clock, publisher } = start()
    clock.advance(1000)
    expect(publisher.mouthsFrom(0)).toEqual(new Set(['smile']))
    let mark = publisher.pictures.length
    broadcast.speak(2000)
    clock.advance(2000)
    expect(publisher.mouthsFrom(mark).size).toBeGreaterThan(3)
    mark = publisher.pictures.length
    clock.advance(1000)
    expect(publisher.mouthsFrom(mark)).toEqual(new Set(['smile']))
    broadcast.speak(60_000)
    clock.advance(400)
    broadcast.hush()
    mark = publisher.pictures.length
    clock.advance(1000)
    expect(publisher.mouthsFrom(mark)).toEqual(new Set(['smile']))
  })

  test('a first picture before a late tick is not sent again by that tick', () => {
    const clock = new ManualClock()
    const frames = FrameClock.of(clock)
    frames.subscribe(() => undefined)
    clock.pass(90)
    const publisher = new RecordingPublisher()
    new Broadcast({ bank: new PictureBank(fakeBankData()), publisher, frames, seed: 1 })
    clock.advance(70)
    expect(publisher.pictures.map(({ timestamp }) => timestamp)).toEqual([0, 40, 80])
  })

  test('stop leaves no timer behind', () => {
    const { broadcast, clock, publisher } = start()
    broadcast.stop()
    const count = publisher.sent.length
    clock.advance(1000)
    expect(publisher.sent).toHaveLength(count)
    expect(clock.pending).toBe(0)
  })
})
