import fc from 'fast-check'
import { expect } from 'vitest'
import { fuzz } from '../testing/fuzz'
import { Handshake } from './handshake'
import { RtmpProtocolError } from './protocol-error'

const handshakeBytes = 1 + 2 * 1536

const input = fc.record({
  role: fc.constantFrom('client' as const, 'server' as const),
  version: fc.oneof({ weight: 5, arbitrary: fc.constant(3) }, fc.nat(255)),
  filling: fc.nat(255),
  length: fc.oneof(
    fc.nat(handshakeBytes + 400),
    fc.constantFrom(0, 1, 1536, 1537, handshakeBytes - 1, handshakeBytes, handshakeBytes + 1),
  ),
  pieces: fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 12 }),
})

fuzz('RTMP handshake', input, ({ filling, length, pieces, role, version }) => {
  const bytes = Buffer.alloc(length, filling)
  if (length > 0) bytes[0] = version
  let sent = 0
  const handshake = new Handshake(role, (part) => {
    sent += part.length
  })
  let rest: Buffer | undefined
  let consumed = 0
  try {
    for (const piece of [...pieces, length]) {
      const part = bytes.subarray(consumed, consumed + piece)
      consumed += part.length
      rest = handshake.push(part)
      if (rest) break
    }
  } catch (error) {
    expect(error).toBeInstanceOf(RtmpProtocolError)
    expect(version).not.toBe(3)
    return
  }
  // The handshake must be done exactly at its last byte, and the bytes after it must be kept.
  expect(rest?.length).toBe(consumed >= handshakeBytes ? consumed - handshakeBytes : undefined)
  expect(sent).toBeLessThanOrEqual(handshakeBytes)
})
