import {
  IvhApiError,
  IvhConfigError,
  IvhPluginError,
  IvhSessionError,
  IvhTimeoutError,
  IvhTransportError,
} from '@ivh-kit/core'
import { describe, expect, it } from 'vitest'
import { closedByService, codeOf, forLog, problemOf } from './problem'

describe('problemOf', () => {
  it('keeps what a visitor and the support need of an API error', () => {
    const error = new IvhApiError(100015, 'AvatarExpired', { requestId: 'trace-1' })
    expect(problemOf(error)).toEqual({
      reason: 'api',
      code: 100015,
      message: expect.stringContaining('the avatar has expired'),
      hint: 'Renew the avatar in the console.',
      requestId: 'trace-1',
    })
  })

  it.each([100008, 100014])('calls %i busy', (code) => {
    expect(problemOf(new IvhApiError(code, ''))).toMatchObject({ reason: 'busy', code })
  })

  it('reads session errors and time-outs', () => {
    const failed = new IvhSessionError('creation-failed', 'No stream', { code: -111004 })
    expect(problemOf(failed)).toMatchObject({ reason: 'session', code: -111004 })
    expect(problemOf(new IvhTimeoutError('Too slow', 10))).toMatchObject({ reason: 'timeout' })
  })

  it('recognises errors of another copy of the kit by their brand', () => {
    const foreign = Object.assign(new Error('IVH answered 100008'), {
      [Symbol.for('ivh-kit.error')]: true,
      kind: 'api',
      code: 100008,
    })
    expect(problemOf(foreign)).toMatchObject({ reason: 'busy', code: 100008 })
  })

  it.each([
    ['a stranger', new Error('connect to redis://:hunter2@10.0.0.7 failed'), 'internal'],
    ['not even an error', 'hunter2', 'internal'],
    ['a plugin', new IvhPluginError('css', 'onOpen', new Error('hunter2')), 'plugin'],
    ['a wrong option', new IvhConfigError('hunter2 is not known'), 'config'],
    ['the network', new IvhTransportError('HTTP status 502: 10.0.0.7 hunter2'), 'transport'],
  ])('tells nothing of the server when it was %s', (_what, error, reason) => {
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
  ])('of CloseType %s is %s', (type, reason) => {
    const problem = closedByService(type, 'because')
    expect(problem).toMatchObject({ reason, hint: expect.any(String) })
  })

  it('repeats the service’s words without secrets', () => {
    const { message } = closedByService(3, 'push to rtmp://p/live/m1?txSecret=abc123 ended')
    expect(message).toContain('push to rtmp://p/live/m1')
    expect(message).not.toContain('abc123')
  })
})

describe('codeOf', () => {
  it('is the vendor’s code and nothing else', () => {
    expect(codeOf(new IvhApiError(110018, ''))).toBe(110018)
    expect(codeOf(new IvhTimeoutError('x', 1))).toBeUndefined()
    expect(codeOf(Object.assign(new Error('x'), { code: 1 }))).toBeUndefined()
  })
})

describe('forLog', () => {
  it('hides signatures', () => {
    expect(forLog(new Error('GET /x?signature=abc123 failed'))).toBe(
      'Error: GET /x?signature=[redacted] failed',
    )
  })
})
