import {
  IvhApiError,
  IvhConfigError,
  IvhPluginError,
  IvhSessionError,
  IvhTimeoutError,
  IvhTransportError,
} from '@ivh-kit/core'
import { describe, expect, it } from 'vitest'
import { closedByService, codeOf, problemOf, textForLog } from './problem'

describe('problemOf', () => {
  it('keeps code, message, hint and request id of an API error', () => {
    const error = new IvhApiError(100015, 'AvatarExpired', { requestId: 'trace-1' })
    expect(problemOf(error)).toEqual({
      reason: 'api',
      code: 100015,
      message: expect.stringContaining('the avatar has expired'),
      hint: 'Renew the avatar in the console.',
      requestId: 'trace-1',
    })
  })

  it.each([100008, 100014])('maps code %i to the reason busy', (code) => {
    expect(problemOf(new IvhApiError(code, ''))).toMatchObject({ reason: 'busy', code })
  })

  it('describes session errors and timeouts', () => {
    const failed = new IvhSessionError('creation-failed', 'No stream', { code: -111004 })
    expect(problemOf(failed)).toMatchObject({ reason: 'session', code: -111004 })
    expect(problemOf(new IvhTimeoutError('Too slow', 10))).toMatchObject({ reason: 'timeout' })
  })

  it('recognises errors of another installed copy by their brand', () => {
    const otherCopy = Object.assign(new Error('IVH answered 100008'), {
      [Symbol.for('ivh-kit.error')]: true,
      kind: 'api',
      code: 100008,
    })
    expect(problemOf(otherCopy)).toMatchObject({ reason: 'busy', code: 100008 })
  })

  it.each([
    [
      'an error from outside the kit',
      new Error('connect to redis://:hunter2@10.0.0.7 failed'),
      'internal',
    ],
    ['a thrown text', 'hunter2', 'internal'],
    ['a plugin error', new IvhPluginError('css', 'onOpen', new Error('hunter2')), 'plugin'],
    ['a wrong option', new IvhConfigError('hunter2 is not known'), 'config'],
    ['a network error', new IvhTransportError('HTTP status 502: 10.0.0.7 hunter2'), 'transport'],
  ])('hides the details of %s', (_what, error, reason) => {
    const problem = problemOf(error)
    expect(problem.reason).toBe(reason)
    expect(problem.hint).toMatch(/^Try again/)
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|10\.0\.0\.7/)
  })
})

describe('closedByService', () => {
  it.each([
    [2, 'idle'],
    [5, 'replaced'],
    [1, 'closed-by-service'],
    [3, 'closed-by-service'],
    [99, 'closed-by-service'],
    [null, 'closed-by-service'],
    [undefined, 'closed-by-service'],
  ])('maps CloseType %s to the reason %s', (type, reason) => {
    const problem = closedByService(type, 'because')
    expect(problem).toMatchObject({ reason, hint: expect.any(String) })
  })

  it('quotes the service’s message without secrets', () => {
    const { message } = closedByService(3, 'push to rtmp://p/live/m1?txSecret=abc123 ended')
    expect(message).toContain('push to rtmp://p/live/m1')
    expect(message).not.toContain('abc123')
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
