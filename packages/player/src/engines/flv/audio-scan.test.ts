import { describe, expect, it } from 'vitest'
import { type AudioFinding, AudioScan } from './audio-scan'

const audioTag = 8
const videoTag = 9
const scriptTag = 18

const header = (flags: number) => [0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0]
const tag = (type: number, time: number, body: number | number[] = 5) => {
  // Each body byte looks like the start of an audio tag, in case the scan loses its position.
  const bytes = typeof body === 'number' ? Array<number>(body).fill(audioTag) : body
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

/** Scans a stream in pieces of `size` bytes. Returns the findings in order. */
function scan(bytes: number[], size: number, audioIgnored = false): AudioFinding[] {
  const audioScan = new AudioScan({ audioIgnored })
  const found: AudioFinding[] = []
  for (let start = 0; start < bytes.length; start += size) {
    const finding = audioScan.push(Uint8Array.from(bytes.slice(start, start + size)))
    if (finding) found.push(finding)
  }
  return found
}

const video = (from: number, to: number) => {
  const tags: number[] = []
  for (let time = from; time <= to; time += 40) tags.push(...tag(videoTag, time, 300))
  return tags
}
const audio = (time: number) => tag(audioTag, time, [0xaf, 1, 0x21])
const configuration = tag(audioTag, 0, [0xaf, 0, 0x12, 0x10])

describe.each([1, 7, 64, 100_000])('AudioScan with pieces of %i bytes', (size) => {
  it('reports nothing when the promised audio arrives', () => {
    const stream = [...header(5), ...tag(scriptTag, 0), ...audio(0), ...video(0, 9000)]
    expect(scan(stream, size)).toEqual([])
  })

  it('reports missing audio after 1.5 seconds of video', () => {
    expect(scan([...header(5), ...video(0, 1480)], size)).toEqual([])
    expect(scan([...header(5), ...video(0, 9000)], size)).toEqual(['audio-missing'])
  })

  it('does not count the decoder configuration as audio', () => {
    const stream = [...header(5), ...configuration, ...video(0, 9000)]
    expect(scan(stream, size)).toEqual(['audio-missing'])
  })

  it('measures time from the first video tag', () => {
    expect(scan([...header(5), ...video(70_000_000, 70_001_480)], size)).toEqual([])
  })

  it('reports audio that the file header did not announce, after the demuxer has stopped waiting for audio', () => {
    expect(scan([...header(1), ...video(0, 3000), ...audio(3000)], size)).toEqual([
      'audio-appeared',
    ])
    expect(scan([...header(1), ...audio(0), ...video(0, 3000), ...audio(3000)], size)).toEqual([])
  })

  it('reports the first audio once while audio is ignored', () => {
    const silent = [...header(5), ...configuration, ...video(0, 9000)]
    expect(scan(silent, size, true)).toEqual([])
    expect(scan([...silent, ...audio(9000), ...audio(9023)], size, true)).toEqual([
      'audio-appeared',
    ])
  })

  it('reads past a tag without a body', () => {
    const stream = [...header(5), ...tag(scriptTag, 0, []), ...video(0, 9000)]
    expect(scan(stream, size)).toEqual(['audio-missing'])
  })
})
