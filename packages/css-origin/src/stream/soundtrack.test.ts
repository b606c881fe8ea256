import { describe, expect, it } from 'vitest'
import { type SoundPacket, Soundtrack } from './soundtrack'

/** "Encodes" a block as its first sample. */
const encoder = { encode: (samples: Int16Array) => Buffer.of(samples[0] ?? 0) }
const block = (timestampMs: number, value: number) => ({
  timestampMs,
  samples: new Int16Array(320).fill(value),
})

function listening() {
  const track = new Soundtrack()
  const heard: [number, number | undefined][] = []
  const listener = ({ payload, timestampMs }: SoundPacket): void => {
    heard.push([timestampMs, payload[0]])
  }
  const stop = track.listen(encoder, listener)
  return { track, heard, stop }
}

describe('soundtrack', () => {
  it('emits sound with the media of its time, and silence without sound', () => {
    const { heard, track } = listening()
    track.offer(block(20, 1))
    track.offer(block(60, 3))
    track.advance(0)
    track.advance(23)
    track.advance(40)
    track.advance(40)
    track.advance(85)
    expect(heard).toEqual([
      [0, 0],
      [20, 1],
      [40, 0],
      [60, 3],
      [80, 0],
    ])
  })

  it('emits nothing for a stream without speech', () => {
    const { heard, track } = listening()
    for (const at of [0, 40, 80]) track.advance(at)
    expect(heard).toEqual([])
  })

  it('emits silence from the start for a stream with sound', () => {
    const { heard, track } = listening()
    track.open()
    for (const at of [0, 20, 40]) track.advance(at)
    expect(heard).toEqual([
      [0, 0],
      [20, 0],
      [40, 0],
    ])
  })

  it('continues at once after a step back of less than a second', () => {
    const { heard, track } = listening()
    track.open()
    track.advance(5000, 5000)
    track.advance(4240, 5040)
    track.advance(4280, 5080)
    expect(heard.map(([at]) => at)).toEqual([5000, 5040, 5060, 5080])
  })

  it('ignores late blocks and keeps the second of two blocks for the same time', () => {
    const { heard, track } = listening()
    track.advance(100)
    track.offer(block(100, 1))
    track.offer(block(120, 2))
    track.offer(block(121, 3))
    track.advance(140)
    expect(heard).toEqual([
      [120, 3],
      [140, 0],
    ])
  })

  it('keeps at most half a minute of sound', () => {
    const { heard, track } = listening()
    track.offer(block(0, 1))
    track.advance(0)
    track.offer(block(29_000, 4))
    track.offer(block(31_000, 5))
    for (let at = 20; at <= 32_000; at += 20) track.advance(at)
    expect(heard.filter(([, value]) => value)).toEqual([
      [0, 1],
      [29_000, 4],
    ])
  })

  it('continues from the new time after a jump in either direction', () => {
    const { heard, track } = listening()
    track.offer(block(0, 1))
    track.advance(0)
    track.advance(50_000)
    track.advance(1000)
    expect(heard.map(([at]) => at)).toEqual([0, 50_000, 1000])
  })

  it('encodes nothing without listeners', () => {
    const { heard, stop, track } = listening()
    track.offer(block(0, 1))
    stop()
    track.advance(0)
    track.listen(encoder, ({ timestampMs }) => heard.push([timestampMs, 9]))
    track.advance(20)
    expect(heard).toEqual([[20, 9]])
  })

  it('sends the same packets to all listeners', () => {
    const { heard, track } = listening()
    const other: number[] = []
    track.listen(encoder, ({ timestampMs }) => other.push(timestampMs))
    track.offer(block(0, 1))
    track.advance(0)
    expect([heard, other]).toEqual([[[0, 1]], [0]])
  })

  it.each([
    [{ timestampMs: 0, samples: new Int16Array(160) }],
    [{ timestampMs: -20, samples: new Int16Array(320) }],
    [{ timestampMs: Number.NaN, samples: new Int16Array(320) }],
  ])('refuses a malformed block', (bad) => {
    expect(() => new Soundtrack().offer(bad)).toThrow('it must have 320 samples')
  })
})
