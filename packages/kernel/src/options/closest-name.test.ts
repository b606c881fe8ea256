import { describe, expect, it } from 'vitest'
import { closestName } from './closest-name'

describe('closestName', () => {
  const names = ['Url', 'X', 'Width', 'Height']

  it('returns the name with the fewest wrong letters', () => {
    expect(closestName('Widht', names)).toBe('Width')
    expect(closestName('Wdth', names)).toBe('Width')
    expect(closestName('Heigth', names)).toBe('Height')
    expect(closestName('Weight', names)).toBe('Height')
  })

  it('ignores case', () => {
    expect(closestName('HEIGHT', names)).toBe('Height')
  })

  it('returns the first of equally close names', () => {
    expect(closestName('ax', ['ab', 'ac'])).toBe('ab')
  })

  it('returns undefined when more than a third is wrong', () => {
    expect(closestName('abc', ['axx'])).toBeUndefined()
    expect(closestName('abc', ['abx'])).toBe('abx')
    expect(closestName('abcdef', ['abxxef'])).toBe('abxxef')
    expect(closestName('abcdef', ['axxxef'])).toBeUndefined()
  })

  it('allows one wrong letter in a short name', () => {
    expect(closestName('Y', ['X'])).toBe('X')
  })

  it('returns undefined without names', () => {
    expect(closestName('', [])).toBeUndefined()
  })
})
