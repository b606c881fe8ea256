import { describe, expect, it } from 'vitest'
import { isTxTime, txTimeWriter } from './tx-time'

describe('txTimeWriter', () => {
  it('writes hex in the wanted case, also after another time', () => {
    const upper = txTimeWriter('upper')
    const lower = txTimeWriter('lower')
    for (const seconds of [0x5c2acacc, 0x5c2acacc, 0x5c2acacd, 0x5c2acacc]) {
      const hex = seconds.toString(16)
      expect(lower(seconds)).toBe(hex)
      expect(upper(seconds)).toBe(hex.toUpperCase())
    }
  })
})

describe('isTxTime', () => {
  it('takes eight hex digits of either case and nothing else', () => {
    expect(['5C2ACACC', '5c2acacc', '12345678'].every(isTxTime)).toBe(true)
    expect(['5C2ACAC', '05C2ACACC', '5C2ACACG', '0x5C2ACA', '', 12345678].some(isTxTime)).toBe(
      false,
    )
  })
})
