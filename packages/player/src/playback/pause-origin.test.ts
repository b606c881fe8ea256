import { describe, expect, it } from 'vitest'
import { isBrowserPause } from './pause-origin'

describe('isBrowserPause', () => {
  const hidden = { hiddenForMs: 10_000, pictureInPicture: false, silent: false }

  it('is false in a visible page', () => {
    expect(isBrowserPause({ ...hidden, hiddenForMs: null, silent: true })).toBe(false)
  })

  it('is true for a silent video in a hidden page', () => {
    expect(isBrowserPause({ ...hidden, silent: true })).toBe(true)
  })

  it('is true at the moment when the page is hidden', () => {
    expect(isBrowserPause({ ...hidden, hiddenForMs: 250 })).toBe(true)
    expect(isBrowserPause({ ...hidden, hiddenForMs: 251 })).toBe(false)
  })

  it('is false for an audible video in a hidden page', () => {
    expect(isBrowserPause(hidden)).toBe(false)
  })

  it('is false in a picture-in-picture window', () => {
    const inWindow = { hiddenForMs: 0, pictureInPicture: true, silent: true }
    expect(isBrowserPause(inWindow)).toBe(false)
  })
})
