import { describe, expect, it } from 'vitest'
import { countStream, isHostFull } from './open-streams'

describe('isHostFull', () => {
  it('counts the streams of each host up to six', () => {
    const url = 'http://127.0.0.1:8080/live/a.flv?txSecret=1'
    const streams = Array.from({ length: 5 }, () => countStream(url))
    expect(isHostFull(url)).toBe(false)
    const sixth = countStream('http://127.0.0.1:8080/live/b.flv')
    expect(isHostFull(url)).toBe(true)
    expect(isHostFull('http://127.0.0.1:8081/live/a.flv')).toBe(false)
    sixth()
    sixth()
    expect(isHostFull(url)).toBe(false)
    for (const end of streams) end()
  })
})
