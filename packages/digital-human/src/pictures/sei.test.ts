import { describe, expect, it } from 'vitest'
import { fromRbsp } from './sei'

describe('fromRbsp', () => {
  it('inserts a 3 between two zero bytes and a byte from 0 to 3', () => {
    const nal = fromRbsp(Buffer.from('000000000001000003ff000002', 'hex'))
    expect(Buffer.from(nal).toString('hex')).toBe('000003000003000100000303ff00000302')
  })
})
