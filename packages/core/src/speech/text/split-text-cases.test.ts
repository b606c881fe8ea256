import { describe, expect, it } from 'vitest'
import { runSplitterCases, splitterFault } from '../../testing/splitter-cases'

describe('the splitter', () => {
  it('keeps the limit, the text, code points and elements in 3,000 generated cases', {
    timeout: 60_000,
  }, () => {
    runSplitterCases(3_000, 20_261_123)
  })

  it('is tested by a check that accepts correct pieces and rejects a limit that is too small', () => {
    expect(splitterFault('fine', 100)).toBeUndefined()
    expect(() => splitterFault('x', 3)).toThrow(RangeError)
  })
})
