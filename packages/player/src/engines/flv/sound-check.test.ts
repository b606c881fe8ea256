import { describe, expect, it } from 'vitest'
import { SoundCheck, type SoundFinding } from './sound-check'

const AUDIO = 8
const VIDEO = 9
const SCRIPT = 18

const header = (flags: number) => [0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0]
const tag = (type: number, time: number, body: number | number[] = 5) => {
  // Filled with bytes that would be taken for tags if the scan lost step.
  const bytes = typeof body === 'number' ? Array<number>(body).fill(AUDIO) : body
  const size = bytes.length
  return [
    type,
    ...[size >> 16, size >> 8, size].map((byte) => byte & 0xff),
    ...[time >> 16, time >> 8, time, time >> 24].map((byte) => byte & 0xff),
    ...[0, 0, 0],
    ...bytes,
    ...[0, 0, 0, size + 11],
  ]
}

/** Feeds a stream in pieces of `size` bytes and returns what was found, in order. */
function scan(bytes: number[], size: number, ignoring = false): SoundFinding[] {
  const check = new SoundCheck({ ignoring })
  const found: SoundFinding[] = []
  for (let start = 0; start < bytes.length; start += size) {
    const finding = check.push(Uint8Array.from(bytes.slice(start, start + size)))
    if (finding) found.push(finding)
  }
  return found
}

const video = (from: number, to: number) => {
  const tags: number[] = []
  for (let time = from; time <= to; time += 40) tags.push(...tag(VIDEO, time, 300))
  return tags
}
const sound = (time: number) => tag(AUDIO, time, [0xaf, 1, 0x21])
const configuration = tag(AUDIO, 0, [0xaf, 0, 0x12, 0x10])

describe.each([1, 7, 64, 100_000])('SoundCheck in pieces of %i bytes', (size) => {
  it('is content with sound that comes', () => {
    const stream = [...header(5), ...tag(SCRIPT, 0), ...sound(0), ...video(0, 9000)]
    expect(scan(stream, size)).toEqual([])
  })

  it('finds promised sound missing after a second and a half of picture', () => {
    expect(scan([...header(5), ...video(0, 1480)], size)).toEqual([])
    expect(scan([...header(5), ...video(0, 9000)], size)).toEqual(['sound-missing'])
  })

  it('does not take the decoder configuration for sound', () => {
    const stream = [...header(5), ...configuration, ...video(0, 9000)]
    expect(scan(stream, size)).toEqual(['sound-missing'])
  })

  it('counts from the first picture, not from zero', () => {
    expect(scan([...header(5), ...video(70_000_000, 70_001_480)], size)).toEqual([])
  })

  it('notices sound that nobody promised, when it is too late for the demuxer', () => {
    expect(scan([...header(1), ...video(0, 3000), ...sound(3000)], size)).toEqual([
      'sound-appeared',
    ])
    expect(scan([...header(1), ...sound(0), ...video(0, 3000), ...sound(3000)], size)).toEqual([])
  })

  it('notices the first sound while it is being ignored, and only that', () => {
    const silent = [...header(5), ...configuration, ...video(0, 9000)]
    expect(scan(silent, size, true)).toEqual([])
    expect(scan([...silent, ...sound(9000), ...sound(9023)], size, true)).toEqual([
      'sound-appeared',
    ])
  })

  it('does not lose step over a tag without a body', () => {
    const stream = [...header(5), ...tag(SCRIPT, 0, []), ...video(0, 9000)]
    expect(scan(stream, size)).toEqual(['sound-missing'])
  })
})
