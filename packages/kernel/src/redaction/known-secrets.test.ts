import { describe, expect, it } from 'vitest'
import { hideKnownSecrets, rememberSecret, rememberSecretsIn } from './known-secrets'
import { redactText } from './redact-text'

const signature = 'aCNWYzZdplxWVo+JsqzZc9+J9XrwWWITfX3eQpsLVno='

describe('hideKnownSecrets', () => {
  rememberSecret(signature)

  it.each([
    ['bare', signature],
    ['percent-encoded', encodeURIComponent(signature)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(signature))],
    ['in JSON with escapes', signature.replaceAll('+', '\\u002b').replaceAll('=', '\\u003d')],
    ['in HTML by decimal codes', signature.replaceAll('+', '&#43;').replaceAll('=', '&#61;')],
    ['in HTML by hexadecimal codes', signature.replaceAll('+', '&#x2B;')],
    ['in HTML by names', signature.replaceAll('+', '&plus;').replaceAll('=', '&equals;')],
  ])('hides a value %s', (_form, shown) => {
    expect(redactText(`the gateway expected ${shown}, got x`)).toBe(
      'the gateway expected [redacted], got x',
    )
  })

  it('leaves short values and other texts alone', () => {
    rememberSecret('the')
    rememberSecret(undefined)
    expect(hideKnownSecrets('the gateway said nothing')).toBe('the gateway said nothing')
  })

  it('forgets the oldest values, and keeps those in use', () => {
    rememberSecret('in-use-0001')
    rememberSecret('forgotten-1')
    for (let count = 0; count < 199; count++) {
      rememberSecret(`value-number-${count}-`)
      rememberSecret('in-use-0001')
    }
    expect(hideKnownSecrets('in-use-0001 forgotten-1')).toBe('[redacted] forgotten-1')
  })
})

it('rememberSecretsIn finds secrets by name and in addresses', () => {
  rememberSecretsIn({
    UserId: 'visitor-number-1',
    ProtocolOption: {
      TrtcUserSig: 'eJwSomeUserSig',
      CssCustomPushUrl: 'rtmp://h/live/m?txSecret=f85a2ab363fe4dea&txTime=5C271099',
    },
  })
  expect(hideKnownSecrets('eJwSomeUserSig f85a2ab363fe4dea visitor-number-1')).toBe(
    '[redacted] [redacted] visitor-number-1',
  )
})
