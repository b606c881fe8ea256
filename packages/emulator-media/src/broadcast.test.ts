import type { PcmBlock } from '@ivh-kit/css-origin'
import type { FlvTag } from '@ivh-kit/css-origin/flv'
import type { Amf0Object } from '@ivh-kit/css-origin/publisher'
import {
  drawnExpressions,
  PictureBank,
  type SoundFrame,
  type SoundSource,
} from '@ivh-kit/digital-human'
import { fakeBankData } from '@ivh-kit/digital-human/testing'
import { createFakeClock } from '@ivh-kit/kernel/testing'
import { describe, expect, it } from 'vitest'
import { Broadcast } from './broadcast'
import { FrameClock } from './frame-clock'
import { PcmTap } from './pcm-tap'

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
  /** The SEI notes of the pictures. */
  get notes(): (string | undefined)[] {
    return this.pictures.map(
      ({ payload }) => /\{.*\}/.exec(Buffer.from(payload).toString('latin1'))?.[0],
    )
  }
  /** The mouths of the pictures from `index` on. */
  mouthsFrom(index: number): Set<string | undefined> {
    const drawn = drawnExpressions()
    return new Set(this.pictures.slice(index).map(({ payload }) => drawn[payload[5] ?? -1]?.mouth))
  }
}

const onFailed = (error: unknown): never => {
  throw error
}

function start() {
  const { clock, timers } = createFakeClock()
  const publisher = new RecordingPublisher()
  const bank = new PictureBank(fakeBankData())
  const pcm: PcmBlock[] = []
  const tap = new PcmTap((block) => pcm.push(block))
  const frames = FrameClock.of(clock)
  const broadcast = new Broadcast({ bank, publisher, frames, seed: 1, pcm: tap, onFailed })
  return { broadcast, timers, pcm, publisher }
}

/** A sound of `frames` frames. The encoder's first packet is silent. */
class Tone implements SoundSource {
  readonly #frames: number
  given = 0
  stopped = false
  readonly #mouth: number

  constructor(frames: number, mouth = 3) {
    this.#mouth = mouth
    this.#frames = frames
  }
  next(): SoundFrame | 'over' {
    if (this.given > this.#frames) return 'over'
    const index = this.given++
    const samples = new Int16Array(512).fill(1000 + index)
    return {
      packet: Buffer.of(7, index),
      heard:
        index < this.#frames
          ? { samples, mouths: Uint8Array.of(this.#mouth, this.#mouth) }
          : undefined,
    }
  }
  stop(): void {
    this.stopped = true
  }
}

/** Returns the times at which a decoder plays the start and the end of the tone. */
function heard(sounds: readonly FlvTag[]): { readonly from: number; readonly until: number } {
  const spoken = sounds.filter(({ payload }) => payload[2] === 7).map(({ timestamp }) => timestamp)
  // A decoder plays the first frame only when it receives the second packet.
  return { from: (spoken[0] ?? 0) + 32, until: (spoken.at(-1) ?? 0) + 32 }
}

describe('broadcast', () => {
  it('starts with metadata, both headers and the first picture', () => {
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

  it('sends a picture every 40 ms and sound without gaps', () => {
    const { publisher, timers } = start()
    timers.tick(4000)
    expect(publisher.pictures.map(({ timestamp }) => timestamp)).toEqual(
      Array.from({ length: 101 }, (_, index) => index * 40),
    )
    const sounds = publisher.sounds.map(({ timestamp }) => timestamp)
    expect(sounds).toEqual(sounds.map((_, index) => index * 32))
    expect(sounds.at(-1)).toBeGreaterThanOrEqual(4000)
    expect(sounds.at(-1)).toBeLessThan(4040)
  })

  it('alternates the parity of pictures, also after dropped ones', () => {
    const { publisher, timers } = start()
    timers.tick(200)
    publisher.blocked = true
    timers.tick(40)
    publisher.blocked = false
    timers.tick(200)
    const parities = publisher.pictures.map(({ payload }) => payload[6] ?? -1)
    expect(parities).toEqual(parities.map((_, index) => index % 2))
  })

  it('skips pictures and makes up for sound after a short stall', () => {
    const { publisher, timers } = start()
    timers.jump(400)
    expect(publisher.pictures.map(({ timestamp }) => timestamp)).toEqual([0, 400])
    expect(publisher.sounds).toHaveLength(14)
  })

  it('continues the sound at the current time after a long stall', () => {
    const { publisher, timers } = start()
    const before = publisher.sounds.length
    timers.jump(3_600_000)
    const after = publisher.sounds.slice(before)
    expect(after.length).toBeLessThanOrEqual(2)
    expect(after[0]?.timestamp).toBeGreaterThanOrEqual(3_600_000)
  })

  it.each([0, 40, 80, 120, 160, 200, 240, 280, 320, 1000])(
    'opens and closes the mouth with a sound that starts at %i ms',
    (offset) => {
      const { broadcast, publisher, timers } = start()
      timers.tick(offset)
      broadcast.play(new Tone(20))
      timers.tick(2000)
      const { from, until } = heard(publisher.sounds)
      expect(until - from).toBe(20 * 32)
      const drawn = drawnExpressions()
      const open = publisher.pictures
        .filter(({ payload }) => drawn[payload[5] ?? -1]?.mouth === 'wide')
        .map(({ timestamp }) => timestamp)
      expect(Math.abs((open[0] ?? 0) - from)).toBeLessThanOrEqual(40)
      expect(Math.abs((open.at(-1) ?? 0) + 40 - until)).toBeLessThanOrEqual(40)
      expect(open).toHaveLength(((open.at(-1) ?? 0) - (open[0] ?? 0)) / 40 + 1)
    },
  )

  it('sends silence and a closed mouth within 200 ms of hush', () => {
    const { broadcast, publisher, timers } = start()
    const tone = new Tone(1000)
    broadcast.play(tone)
    timers.tick(1000)
    broadcast.hush()
    expect(tone.stopped).toBe(true)
    timers.tick(1000)
    expect(heard(publisher.sounds).until).toBeLessThanOrEqual(1000 + 100)
    const closedFrom = publisher.pictures.filter(({ timestamp }) => timestamp >= 1120).length
    expect(publisher.mouthsFrom(publisher.pictures.length - closedFrom)).toEqual(new Set(['smile']))
  })

  it('replaces the current sound with a new one', () => {
    const { broadcast, publisher, timers } = start()
    const old = new Tone(1000)
    broadcast.play(old)
    timers.tick(400)
    broadcast.play(new Tone(5, 4))
    const mark = publisher.pictures.length
    timers.tick(1000)
    expect(old.stopped).toBe(true)
    expect(publisher.mouthsFrom(mark + 2)).toEqual(new Set(['round', 'smile']))
  })

  it('emits the sound as PCM in blocks of 20 ms, at the time of its playback', () => {
    const { broadcast, pcm, publisher, timers } = start()
    timers.tick(500)
    broadcast.play(new Tone(10))
    timers.tick(1000)
    broadcast.stop()
    const { from } = heard(publisher.sounds)
    expect(pcm.map(({ timestampMs }) => timestampMs)).toEqual(
      pcm.map((_, index) => (pcm[0]?.timestampMs ?? 0) + index * 20),
    )
    expect(pcm.every(({ samples }) => samples.length === 320)).toBe(true)
    expect((pcm[0]?.timestampMs ?? 1) % 20).toBe(0)
    const line = pcm.flatMap(({ samples }) => [...samples])
    const first = (pcm[0]?.timestampMs ?? 0) + line.findIndex((sample) => sample !== 0) / 16
    expect(first).toBe(from)
    expect(line.filter((sample) => sample !== 0)).toHaveLength(10 * 512)
  })

  it('puts a note into the next pictures: the status once, the data until the next note', () => {
    const { broadcast, publisher, timers } = start()
    timers.tick(80)
    broadcast.note({ seiData: '{"slide":1}', status: 'TextStart' })
    broadcast.note({ seiData: '{"slide":1}', status: 'SentenceStart' })
    timers.tick(80)
    broadcast.note({ seiData: '', status: 'TextOver' })
    timers.tick(80)
    const json = publisher.notes
    const data = '"sei_data":"{\\"slide\\":1}"'
    expect(json).toEqual([
      undefined,
      undefined,
      undefined,
      `{${data},"status_data":{"STATUS":"TextStart"}}`,
      `{${data},"status_data":""}`,
      '{"sei_data":"","status_data":{"STATUS":"TextOver"}}',
      undefined,
    ])
  })

  it('puts the notes of one frame into one picture each', () => {
    const { broadcast, publisher, timers } = start()
    broadcast.note({ seiData: 'one', status: 'TextStart' })
    broadcast.note({ seiData: 'two', status: 'SentenceStart' })
    broadcast.note({ seiData: '', status: 'TextOver' })
    timers.tick(160)
    expect(publisher.notes).toEqual([
      undefined,
      '{"sei_data":"one","status_data":{"STATUS":"TextStart"}}',
      '{"sei_data":"two","status_data":{"STATUS":"SentenceStart"}}',
      '{"sei_data":"","status_data":{"STATUS":"TextOver"}}',
      undefined,
    ])
  })

  it('puts the note of a dropped picture into the next one', () => {
    const { broadcast, publisher, timers } = start()
    broadcast.note({ seiData: 'one', status: 'TextStart' })
    publisher.blocked = true
    timers.tick(80)
    publisher.blocked = false
    timers.tick(80)
    expect(publisher.notes).toEqual([
      undefined,
      '{"sei_data":"one","status_data":{"STATUS":"TextStart"}}',
      '{"sei_data":"one","status_data":""}',
    ])
  })

  it('wraps the time of pictures, sound and PCM after seven weeks', () => {
    const { broadcast, pcm, publisher, timers } = start()
    timers.jump(2 ** 32 - 96)
    publisher.sent.length = 0
    broadcast.play(new Tone(10))
    timers.tick(400)
    broadcast.stop()
    const times = [...publisher.sent, ...pcm.map(({ timestampMs }) => ({ timestamp: timestampMs }))]
    expect(publisher.pictures.some(({ timestamp }) => timestamp > 2 ** 31)).toBe(true)
    expect(pcm.length).toBeGreaterThan(10)
    for (const { timestamp } of times) expect(timestamp).toBeLessThan(2 ** 32)
  })

  it('stops a sound that is played after its end', () => {
    const { broadcast } = start()
    broadcast.stop()
    const tone = new Tone(10)
    broadcast.play(tone)
    expect(tone.stopped).toBe(true)
  })

  it('does not repeat a first picture that was sent before a late tick', () => {
    const { clock, timers } = createFakeClock()
    const frames = FrameClock.of(clock)
    const publisher = new RecordingPublisher()
    const bank = new PictureBank(fakeBankData())
    // This timer runs as late as the tick, and before the tick.
    clock.after(40, () => new Broadcast({ bank, publisher, frames, seed: 1, onFailed }))
    frames.subscribe(() => undefined, onFailed)
    timers.jump(90)
    timers.tick(70)
    expect(publisher.pictures.map(({ timestamp }) => timestamp)).toEqual([0, 40, 80])
  })

  it('removes its timer on stop', () => {
    const { broadcast, publisher, timers } = start()
    broadcast.stop()
    const count = publisher.sent.length
    timers.tick(1000)
    expect(publisher.sent).toHaveLength(count)
    expect(timers.countTimers()).toBe(0)
  })
})
