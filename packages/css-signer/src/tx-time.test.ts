import { describe, expect, it } from 'vitest'
import { isTxTime } from './tx-time'

describe('isTxTime', () => {
  it('accepts eight hex digits of either case and nothing else', () => {
    expect(['5C2ACACC', '5c2acacc', '12345678'].every(isTxTime)).toBe(true)
    expect(['5C2ACAC', '05C2ACACC', '5C2ACACG', '0x5C2ACA', '', 12345678].some(isTxTime)).toBe(
      false,
    )
  })
})
