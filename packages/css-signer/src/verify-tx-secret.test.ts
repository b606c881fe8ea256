import { describe, expect, it } from 'vitest'
import { txSecret } from './tx-secret'
import { type TxSecretParts, verifyTxSecret } from './verify-tx-secret'

const main = 'mainKey1'
const backup = 'backupKey2'
const txTime = '5C271099'
const expiryMs = 0x5c271099 * 1000

function parts(changes: Partial<TxSecretParts> = {}): TxSecretParts {
  return {
    keys: [main, backup],
    streamName: 'm789',
    txSecret: txSecret(main, 'm789', txTime),
    txTime: txTime,
    now: expiryMs - 1000,
    ...changes,
  }
}

describe('verifyTxSecret', () => {
  it('returns key, algorithm, stream name and expiry', () => {
    expect(verifyTxSecret(parts())).toEqual({
      ok: true,
      key: 'main',
      algorithm: 'md5',
      streamName: 'm789',
      expiresAt: new Date('2018-12-29T06:13:45Z'),
      effectiveExpiry: new Date('2018-12-29T06:13:45Z'),
    })
  })

  it('accepts the backup key and SHA-256', () => {
    const signed = txSecret(backup, 'm789', txTime, { algorithm: 'sha256' })
    expect(verifyTxSecret(parts({ txSecret: signed }))).toMatchObject({
      ok: true,
      key: 'backup',
      algorithm: 'sha256',
    })
    expect(verifyTxSecret(parts({ txSecret: signed, keys: [main] }))).toEqual({
      ok: false,
      reason: 'wrong-signature',
    })
  })

  it('accepts until the last millisecond and adds authDelta', () => {
    expect(verifyTxSecret(parts({ now: expiryMs - 1 })).ok).toBe(true)
    expect(verifyTxSecret(parts({ now: expiryMs }))).toEqual({ ok: false, reason: 'expired' })
    const lenient = { authDelta: 300 }
    expect(verifyTxSecret(parts({ now: expiryMs + 299_999, ...lenient }))).toMatchObject({
      ok: true,
      expiresAt: new Date(expiryMs),
      effectiveExpiry: new Date(expiryMs + 300_000),
    })
    expect(verifyTxSecret(parts({ now: expiryMs + 300_000, ...lenient })).ok).toBe(false)
  })

  it('hashes txTime as received, not in another case', () => {
    const lower = txTime.toLowerCase()
    expect(verifyTxSecret(parts({ txTime: lower }))).toMatchObject({ reason: 'wrong-signature' })
    const signed = txSecret(main, 'm789', lower)
    expect(verifyTxSecret(parts({ txTime: lower, txSecret: signed })).ok).toBe(true)
  })

  it.each<[string, Partial<TxSecretParts>, string]>([
    ['no txSecret', { txSecret: undefined }, 'missing-signature'],
    ['an empty txSecret', { txSecret: '' }, 'missing-signature'],
    ['no txTime', { txTime: null }, 'missing-signature'],
    ['a txTime with 0x', { txTime: '0x5C2710' }, 'malformed-tx-time'],
    ['a decimal txTime', { txTime: '1546064025' }, 'malformed-tx-time'],
    ['another stream', { streamName: 'm788' }, 'wrong-signature'],
    ['a path for a name', { streamName: '../m789' }, 'malformed-stream-name'],
    ['a digest of another length', { txSecret: 'f85a2ab3' }, 'wrong-signature'],
    ['a digest in upper case', { txSecret: parts().txSecret?.toUpperCase() }, 'wrong-signature'],
  ])('refuses %s', (_, changes, reason) => {
    expect(verifyTxSecret(parts(changes))).toEqual({ ok: false, reason })
  })

  it('reports a wrong signature before an expired time', () => {
    const forged = { txSecret: '0'.repeat(32), now: expiryMs + 1e9 }
    expect(verifyTxSecret(parts(forged))).toEqual({ ok: false, reason: 'wrong-signature' })
  })

  it('refuses a digit that moves from the name into the time', () => {
    // The hashed text stays the same, but the moved digit makes `txTime` a date in 2155 or later.
    const signed = txSecret(main, 'room1', txTime)
    const moved = { streamName: 'room', txTime: `1${txTime}`, txSecret: signed }
    expect(verifyTxSecret(parts(moved))).toEqual({ ok: false, reason: 'malformed-tx-time' })
    const back = { streamName: 'room15', txTime: txTime.slice(1), txSecret: signed }
    expect(verifyTxSecret(parts(back))).toEqual({ ok: false, reason: 'malformed-tx-time' })
  })

  it.each<[string, Partial<TxSecretParts>, RegExp]>([
    ['an empty key', { keys: [''] }, /keys\[0\] is empty/],
    ['an empty backup key', { keys: [main, ''] }, /keys\[1\] is empty/],
    ['a clock in seconds', { now: expiryMs / 1000 }, /epoch milliseconds/],
    ['a broken clock', { now: Number.NaN }, /epoch milliseconds/],
    ['a negative authDelta', { authDelta: -1 }, /authDelta/],
    ['a broken authDelta', { authDelta: Number.NaN }, /authDelta/],
  ])('throws for a mistake of the caller: %s', (_, changes, message) => {
    expect(() => verifyTxSecret(parts(changes))).toThrow(message)
  })
})
