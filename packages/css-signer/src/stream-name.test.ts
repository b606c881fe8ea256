import { describe, expect, it } from 'vitest'
import { checkName, checkTemplate, isStreamName } from './stream-name'

describe('stream names', () => {
  it.each(['m789', 'A.b_c~d-e', '0', '...', 'x'.repeat(255)])('accepts %s', (name) => {
    expect(isStreamName(name)).toBe(true)
    expect(() => checkName('StreamName', name)).not.toThrow()
  })

  it.each([
    ['live/m789', 'StreamName contains "/" (U+002F) at position 5'],
    ['m789?x', 'StreamName contains "?" (U+003F) at position 5'],
    ['a b', 'StreamName contains " " (U+0020) at position 2'],
    ['名字', 'StreamName contains "名" (U+540D) at position 1'],
    ['a😀', 'StreamName contains "😀" (U+1F600) at position 2'],
    ['m789\n', 'StreamName contains "\\n" (U+000A) at position 5'],
    [
      'x'.repeat(256),
      'StreamName has 256 characters. Use only letters, digits and . _ ~ -, at most 255',
    ],
    ['', 'StreamName is empty'],
    ['.', 'StreamName is a relative path step'],
    ['..', 'StreamName is a relative path step'],
    [undefined, 'StreamName must be a string, not undefined'],
  ])('refuses %j with the reason', (name, message) => {
    expect(isStreamName(name)).toBe(false)
    expect(() => checkName('StreamName', name)).toThrow(message)
  })

  it.each(['#', '&', '%', '=', '+', ',', ':', '\\', '\0'])(
    'refuses the character %j',
    (character) => {
      expect(isStreamName(`a${character}b`)).toBe(false)
    },
  )
})

describe('templates', () => {
  it('refuses a template name with an underscore', () => {
    expect(() => checkTemplate('900')).not.toThrow()
    expect(() => checkTemplate('a_900')).toThrow(/after the last "_"/)
    expect(() => checkTemplate('')).toThrow('template is empty')
    expect(() => checkTemplate('9/0')).toThrow('template contains "/"')
  })
})
