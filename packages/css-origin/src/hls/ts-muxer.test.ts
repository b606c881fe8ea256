import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny'
import { describe, expect, it } from 'vitest'
import { adtsFrame } from '../flv/aac'
import { crc32Mpeg } from './crc32-mpeg'
import { TsMuxer, type TsPicture } from './ts-muxer'

const sps = Buffer.from('67420016a680a02ff950', 'hex')
const pps = Buffer.from('68ce3c80', 'hex')
const idr = (length: number): Buffer => Buffer.concat([Buffer.of(0x65), Buffer.alloc(length, 0x88)])
const aac = { objectType: 2, frequencyIndex: 3, channels: 1 }

function picture(at: number, length = 500, presentAt = at): TsPicture {
  return { decodeAt: at, presentAt, keyFrame: true, units: [sps, pps, idr(length)] }
}

function packets(bytes: Buffer): Buffer[] {
  expect(bytes.length % 188).toBe(0)
  return Array.from({ length: bytes.length / 188 }, (_, index) =>
    bytes.subarray(index * 188, index * 188 + 188),
  )
}

const pidOf = (packet: Buffer): number => packet.readUInt16BE(1) & 0x1fff

describe('transport stream', () => {
  it('computes the checksum of the standard', () => {
    // This is the check value of CRC-32/MPEG-2.
    expect(crc32Mpeg(Buffer.from('123456789'))).toBe(0x0376e6e7)
  })

  it('writes tracks, times and bytes that another reader finds', async () => {
    const muxer = new TsMuxer()
    const parts = [muxer.tables({ video: true, audio: true })]
    for (let index = 0; index < 10; index++) {
      parts.push(muxer.picture(picture(index * 40, 100 + index * 61)))
      const frame = adtsFrame(Buffer.alloc(50 + index, index), aac) ?? Buffer.alloc(0)
      parts.push(muxer.sound(frame, index * 40, false))
    }
    const input = new Input({
      source: new BufferSource(Buffer.concat(parts)),
      formats: ALL_FORMATS,
    })
    const video = await input.getPrimaryVideoTrack()
    const audio = await input.getPrimaryAudioTrack()
    expect([await video?.getCodec(), await audio?.getCodec()]).toEqual(['avc', 'aac'])
    if (!video || !audio) throw new Error('a track is missing')
    const pictures: [number, number][] = []
    for await (const { byteLength, timestamp } of new EncodedPacketSink(video).packets()) {
      pictures.push([Math.round(timestamp * 1000) - 1400, byteLength])
    }
    // The delimiter has 6 bytes, and each of the three units has a start code of 4 bytes.
    expect(pictures).toEqual(
      Array.from({ length: 10 }, (_, index) => [index * 40, 6 + 12 + 14 + 1 + 100 + index * 61]),
    )
    const sounds: [number, number][] = []
    for await (const { byteLength, timestamp } of new EncodedPacketSink(audio).packets()) {
      sounds.push([Math.round(timestamp * 1000) - 1400, byteLength])
    }
    expect(sounds.map(([, length]) => length)).toEqual(
      Array.from({ length: 10 }, (_, index) => 57 + index),
    )
  })

  it.each([0, 1, 2, 20, 100, 150, 158, 159, 160, 165, 166, 167, 168, 169, 170, 340, 341, 342, 343])(
    'pads a picture with %d more bytes to whole packets',
    (length) => {
      const muxer = new TsMuxer()
      const unit = Buffer.alloc(length + 1, 0x41)
      const bytes = muxer.picture({ decodeAt: 0, presentAt: 0, keyFrame: false, units: [unit] })
      const payload = Buffer.concat(
        packets(bytes).map((packet) => {
          const adapted = ((packet[3] ?? 0) & 0x20) !== 0
          return packet.subarray(adapted ? 5 + (packet[4] ?? 0) : 4)
        }),
      )
      // Skip the header of 14 bytes, the delimiter of 6 and the start code of 4.
      expect(payload.subarray(14 + 6 + 4)).toEqual(unit)
    },
  )

  it('continues the packet counters over tables', () => {
    const muxer = new TsMuxer()
    const counters = new Map<number, number>()
    for (let index = 0; index < 8; index++) {
      const bytes = Buffer.concat([
        muxer.tables({ video: true, audio: true }),
        muxer.picture(picture(index * 40, 2000)),
        muxer.sound(Buffer.alloc(300), index * 40, false),
      ])
      for (const packet of packets(bytes)) {
        expect(packet[0]).toBe(0x47)
        const counter = (packet[3] ?? 0) & 0x0f
        const last = counters.get(pidOf(packet))
        if (last !== undefined) expect(counter).toBe((last + 1) % 16)
        counters.set(pidOf(packet), counter)
      }
    }
    expect([...counters.keys()]).toEqual([0, 0x1000, 0x100, 0x101])
  })

  it('writes both times of B-frames and a leading clock', () => {
    const [first] = packets(new TsMuxer().picture(picture(1000, 50, 1080)))
    const packet = first ?? Buffer.alloc(188)
    const readTime = (at: number): number =>
      (((packet[at] ?? 0) >> 1) & 7) * 2 ** 30 +
      (packet.readUInt16BE(at + 1) >> 1) * 2 ** 15 +
      (packet.readUInt16BE(at + 3) >> 1)
    const pes = 5 + (packet[4] ?? 0)
    expect(readTime(pes + 9)).toBe(126_000 + 1080 * 90)
    expect(readTime(pes + 14)).toBe(126_000 + 1000 * 90)
    const clock = packet.readUInt32BE(6) * 2 + ((packet[10] ?? 0) >> 7)
    expect(clock).toBe(126_000 + 1000 * 90 - 9000)
  })

  it('wraps times after 33 bits', () => {
    const wrap = 2 ** 33 / 90
    const muxer = new TsMuxer()
    expect(() => muxer.picture(picture(wrap + 5))).not.toThrow()
  })
})
