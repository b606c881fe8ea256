import { describe, expect, it } from 'vitest'
import { H264RtpPayload } from 'werift'
import { packetizeH264 } from './h264-packetizer'

const sps = Buffer.from('67420016a680a02ff950', 'hex')
const pps = Buffer.from('68ce3c80', 'hex')
const slice = (length: number): Buffer =>
  Buffer.concat([
    Buffer.of(0x65),
    Buffer.from(Array.from({ length: length - 1 }, (_, at) => at % 251)),
  ])

/** Depacketizes the payloads with another implementation. */
function received(payloads: readonly Buffer[]): Buffer {
  const fragments: Buffer[] = []
  const units: Buffer[] = []
  for (const payload of payloads) {
    const parsed = H264RtpPayload.deSerialize(payload, fragments.at(-1))
    if (parsed.fragment) fragments.splice(0, 1, parsed.fragment)
    else fragments.splice(0)
    if (parsed.payload) units.push(parsed.payload)
  }
  return Buffer.concat(units)
}

const annexB = (...units: readonly Buffer[]): Buffer =>
  Buffer.concat(units.flatMap((unit) => [Buffer.of(0, 0, 0, 1), unit]))

describe('H.264 over RTP', () => {
  it.each([2, 100, 1199, 1200, 1201, 2396, 2397, 2398, 50_000])(
    'sends a slice of %d bytes in packets of at most 1200 bytes',
    (length) => {
      const unit = slice(length)
      const payloads = packetizeH264([unit])
      expect(Math.max(...payloads.map((payload) => payload.length))).toBeLessThanOrEqual(1200)
      expect(payloads.length).toBe(length <= 1200 ? 1 : Math.ceil((length - 1) / 1198))
      expect(received(payloads)).toEqual(annexB(unit))
    },
  )

  it('sends parameter sets together, before the slices', () => {
    const payloads = packetizeH264([sps, pps, slice(300)])
    expect(payloads.map((payload) => (payload[0] ?? 0) & 0x1f)).toEqual([24, 5])
    expect(received(payloads)).toEqual(annexB(sps, pps, slice(300)))
  })

  it('sends a single parameter set without an aggregate', () => {
    expect(packetizeH264([sps])).toEqual([sps])
    expect(packetizeH264([])).toEqual([])
  })
})
