import {
  IvhApiError,
  IvhConfigError,
  IvhPluginError,
  IvhSessionError,
  IvhTimeoutError,
  IvhTransportError,
} from '@ivh-kit/core'
import { describe, expect, it } from 'vitest'
import { codeOf, problem, reasonOf, reasonOfClose, textForLog } from './problem'

describe('problem', () => {
  it('puts a reason into words for a visitor', () => {
    expect(problem('busy', 'en')).toEqual({
      reason: 'busy',
      message: 'All digital humans are in use right now.',
      hint: 'Try again in a moment.',
    })
    expect(problem('busy', 'zh').message).toBe('数智人都在忙，暂时没有空位。')
  })
})

describe('reasonOf', () => {
  it.each([100008, 100014])('maps code %i to busy', (code) => {
    expect(reasonOf(new IvhApiError(code, ''))).toBe('busy')
  })

  it('recognises errors of another installed copy by their brand', () => {
    const otherCopy = Object.assign(new Error('IVH answered 100008'), {
      [Symbol.for('ivh-kit.error')]: true,
      kind: 'api',
      code: 100008,
    })
    expect(reasonOf(otherCopy)).toBe('busy')
  })

  it.each([
    ['a network error', new IvhTransportError('HTTP status 502: 10.0.0.7'), 'unreachable'],
    ['a timeout', new IvhTimeoutError('Too slow', 10), 'unreachable'],
    ['another code', new IvhApiError(100015, 'AvatarExpired'), 'internal'],
    ['a failed session', new IvhSessionError('creation-failed', 'No stream'), 'internal'],
    ['a plugin error', new IvhPluginError('css', 'onOpen', new Error('hunter2')), 'internal'],
    ['a wrong option', new IvhConfigError('hunter2 is not known'), 'internal'],
    ['an error from outside the kit', new Error('redis://:hunter2@10.0.0.7 failed'), 'internal'],
    ['a thrown text', 'hunter2', 'internal'],
  ])('gives %s a reason without details', (_what, error, reason) => {
    expect(reasonOf(error)).toBe(reason)
  })
})

describe('reasonOfClose', () => {
  it.each([
    [2, 'idle'],
    [5, 'replaced'],
    [1, 'closed-by-service'],
    [3, 'closed-by-service'],
    [99, 'closed-by-service'],
    [null, 'closed-by-service'],
    [undefined, 'closed-by-service'],
  ])('maps CloseType %s to %s', (type, reason) => {
    expect(reasonOfClose(type)).toBe(reason)
  })
})

describe('codeOf', () => {
  it('returns the vendor’s code of an API error only', () => {
    expect(codeOf(new IvhApiError(110018, ''))).toBe(110018)
    expect(codeOf(new IvhTimeoutError('x', 1))).toBeUndefined()
    expect(codeOf(Object.assign(new Error('x'), { code: 1 }))).toBeUndefined()
  })
})

describe('textForLog', () => {
  it('hides signatures', () => {
    expect(textForLog(new Error('GET /x?signature=abc123 failed'))).toBe(
      'Error: GET /x?signature=[redacted] failed',
    )
  })
})
