import { describe, expect, it } from 'vitest'
import { type Packet, UnconfirmedPackets } from './unconfirmed-packets'

function packet(seq: number, options: Partial<Packet> = {}): Packet {
  return { seq, frame: `frame ${seq}`, final: false, text: `${seq}.`, ...options }
}

function sent(...packets: readonly Packet[]): UnconfirmedPackets {
  const unconfirmed = new UnconfirmedPackets()
  for (const each of packets) unconfirmed.add(each)
  return unconfirmed
}

describe('unconfirmed packets', () => {
  it('are empty at first', () => {
    const { confirmedSeq, hasContent, hasFinal, isComplete, packets, sentSeq } = sent()
    expect({ confirmedSeq, hasContent, hasFinal, isComplete, packets, sentSeq }).toEqual({
      confirmedSeq: 0,
      hasContent: false,
      hasFinal: false,
      isComplete: true,
      packets: [],
      sentSeq: 0,
    })
  })

  it('are removed up to the confirmed Seq', () => {
    const unconfirmed = sent(packet(1), packet(2), packet(3))
    unconfirmed.confirm(2)
    expect(unconfirmed.packets.map(({ seq }) => seq)).toEqual([3])
    expect(unconfirmed).toMatchObject({ confirmedSeq: 2, sentSeq: 3, hasContent: true })
    expect(unconfirmed.range).toEqual({ firstSeq: 3, lastSeq: 3, text: '3.' })
  })

  it('ignore a confirmation of earlier packets, and limit a confirmation of later packets to the last sent packet', () => {
    const unconfirmed = sent(packet(1), packet(2))
    unconfirmed.confirm(2)
    unconfirmed.confirm(1)
    expect(unconfirmed.confirmedSeq).toBe(2)
    unconfirmed.confirm(9)
    expect(unconfirmed).toMatchObject({ confirmedSeq: 2, hasContent: false, packets: [] })
  })

  it('have no content when only the final packet is left', () => {
    const unconfirmed = sent(packet(1), packet(2, { final: true, text: '' }))
    expect(unconfirmed).toMatchObject({ hasContent: true, hasFinal: true })
    expect(unconfirmed.range).toEqual({ firstSeq: 1, lastSeq: 1, text: '1.' })
    unconfirmed.confirm(1)
    expect(unconfirmed).toMatchObject({ hasContent: false, hasFinal: true })
    expect(unconfirmed.range.lastSeq).toBe(2)
  })

  it('have no text when a packet is audio', () => {
    const unconfirmed = sent(packet(1), packet(2, { text: undefined }))
    expect(unconfirmed.range).toEqual({ firstSeq: 1, lastSeq: 2, text: undefined })
  })

  it('drop the oldest packets above 256 Ki characters, but never the last packet', () => {
    const half = 'x'.repeat(128 * 1024)
    const unconfirmed = sent(packet(1, { frame: half }), packet(2, { frame: half }))
    expect(unconfirmed.packets).toHaveLength(2)
    expect(unconfirmed.isComplete).toBe(true)
    unconfirmed.add(packet(3, { frame: 'x' }))
    expect(unconfirmed.packets.map(({ seq }) => seq)).toEqual([2, 3])
    expect(unconfirmed.isComplete).toBe(false)
    expect(unconfirmed.range).toEqual({ firstSeq: 1, lastSeq: 3, text: undefined })
    unconfirmed.add(packet(4, { frame: half.repeat(3) }))
    expect(unconfirmed.packets.map(({ seq }) => seq)).toEqual([4])
    unconfirmed.confirm(3)
    expect(unconfirmed.isComplete).toBe(true)
  })

  it('do not count the characters of confirmed packets', () => {
    const half = 'x'.repeat(128 * 1024)
    const unconfirmed = sent(packet(1, { frame: half }), packet(2, { frame: half }))
    unconfirmed.confirm(1)
    unconfirmed.add(packet(3, { frame: half }))
    expect(unconfirmed.packets.map(({ seq }) => seq)).toEqual([2, 3])
  })
})
