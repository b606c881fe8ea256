import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { mayHaveTakenEffect, mayPass } from './failure-effect'
import {
  type AnyIvhError,
  httpStatusOf,
  IvhAbortError,
  IvhApiError,
  IvhConfigError,
  IvhError,
  IvhPluginError,
  IvhResponseShapeError,
  IvhSessionError,
  IvhTimeoutError,
  IvhTransportError,
  IvhValidationError,
  isApiError,
  isIvhError,
} from './index'

const context = {
  path: '/v2/ivh/sessionmanager/sessionmanagerservice/statsession',
  requestId: 'gz01',
  reqId: '0f6c1d2e3b4a59687786958493a2b1c0',
  sessionId: 'm1',
  attempt: 2,
}
const issue = { path: 'Payload.UserId', message: 'is required (string)' }

const errors: readonly AnyIvhError[] = [
  new IvhAbortError('Aborted', context),
  new IvhApiError(100008, 'LimitExceeded:too many', context),
  new IvhConfigError('appKey is missing', context),
  new IvhPluginError('css-stream', 'onOpen', new Error('no key'), context),
  new IvhResponseShapeError([issue], { Payload: {} }, context),
  new IvhSessionError('closed', 'The session was closed', context),
  new IvhTimeoutError('No response within 5 ms', 5, context),
  new IvhTransportError('No response', context),
  new IvhValidationError([issue], context),
]

describe('IvhError subclasses', () => {
  it.each(errors.map((error) => [error.name, error] as const))(
    'include a kind and the call: %s',
    (name, error) => {
      expect(error).toBeInstanceOf(IvhError)
      expect(error).toMatchObject({ ...context, name })
      expect(name.toLowerCase()).toContain(error.kind.replace('-', '').replace('abort', 'abort'))
      expect(error.message).toContain(
        '(call statsession, SessionId m1, RequestID gz01, ReqId 0f6c1d2e3b4a59687786958493a2b1c0, attempt 2)',
      )
      expect(error.stack).toContain(error.message)
    },
  )

  it('state the problem, the call and the hint', () => {
    const { path, requestId } = context
    const error = new IvhApiError(100008, 'LimitExceeded:10 of 10 are in use.', { path, requestId })
    expect(error.message).toBe(
      'IVH answered 100008, concurrency limit exceeded: LimitExceeded:10 of 10 are in use (call statsession, RequestID gz01). Close a session (the list calls show which are open) or buy more concurrency.',
    )
    expect(error).toMatchObject({ code: 100008, retry: 'after-release' })
  })

  it('omit unknown parts of the message', () => {
    expect(new IvhConfigError('appKey is missing').message).toBe('appKey is missing.')
    expect(new IvhTransportError('No response', { attempt: 1 }).message).toBe('No response.')
    expect('cause' in new IvhConfigError('x')).toBe(false)
  })

  it('keep the number of an unknown code', () => {
    const error = new IvhApiError(424242, '')
    expect(error).toMatchObject({
      code: 424242,
      serverMessage: '',
      retry: 'never',
      category: 'unknown',
      docsPath: undefined,
    })
    expect(error.message).toMatch(/^IVH answered 424242, a code this version .* does not know\. /)
  })

  it('carry the members of their kind', () => {
    expect(errors.map((error) => ('issues' in error ? error.issues : undefined))).toContainEqual([
      issue,
    ])
    expect(new IvhTransportError('x', { status: 502 }).status).toBe(502)
    expect(new IvhTimeoutError('x', 5).timeoutMs).toBe(5)
    expect(new IvhPluginError('p', 'onOpen', 'text')).toMatchObject({
      plugin: 'p',
      message: 'Plugin "p" failed in onOpen: text.',
    })
    expect(new IvhSessionError('closed', 'x', { code: 110022, closeType: 5 })).toMatchObject({
      reason: 'closed',
      code: 110022,
      closeType: 5,
    })
  })
})

describe('isIvhError', () => {
  it('recognises errors of another copy of the package, where instanceof fails', async () => {
    vi.resetModules()
    const copy = await import('./index')
    const theirs = new copy.IvhTimeoutError('slow', 5)
    expect(theirs).not.toBeInstanceOf(IvhTimeoutError)
    expect(isIvhError(theirs) && theirs.kind === 'timeout' && theirs.timeoutMs).toBe(5)
    expect(copy.isIvhError(errors[0])).toBe(true)
  })

  it.each([
    undefined,
    null,
    'IvhError',
    5,
    {},
    new Error('x'),
    { name: 'IvhApiError', kind: 'api' },
  ])('rejects %s', (value) => expect(isIvhError(value)).toBe(false))
})

describe('isApiError', () => {
  const full = new IvhApiError(100008, '')

  it('C9: recognises a concurrency limit with one check', () => {
    expect(
      [100008, 100014].every((code) => isApiError(new IvhApiError(code, ''), 'concurrency')),
    ).toBe(true)
    expect(isApiError(new IvhApiError(100012, ''), 'concurrency')).toBe(false)
    expect(full).toMatchObject({ docsPath: 'docs/errors/100008.md' })
  })

  it('accepts any IvhApiError without a category, and no other error', () => {
    expect(isApiError(full)).toBe(true)
    expect(isApiError(new IvhTimeoutError('x', 5))).toBe(false)
    expect(isApiError({ kind: 'api', category: 'concurrency' }, 'concurrency')).toBe(false)
  })

  it('recognises API errors of another copy of the package', async () => {
    vi.resetModules()
    const copy = await import('./index')
    expect(isApiError(new copy.IvhApiError(100008, ''), 'concurrency')).toBe(true)
  })
})

describe('httpStatusOf', () => {
  it.each([
    [new IvhApiError(100008, ''), 503],
    [new IvhApiError(100001, ''), 400],
    [new IvhApiError(424242, ''), 502],
    [new IvhSessionError('creation-failed', 'x'), 502],
    [new IvhSessionError('closed', 'x'), 410],
    [new IvhSessionError('client-closed', 'x'), 503],
    [new IvhSessionError('already-opening', 'x'), 409],
    [new IvhSessionError('delivery-unknown', 'x'), 502],
    [new IvhSessionError('not-interruptible', 'x'), 409],
    [new IvhSessionError('source-paused', 'x'), 502],
    [new IvhValidationError([]), 400],
    [new IvhTimeoutError('x', 5), 504],
    [new IvhTransportError('x', { status: 404 }), 502],
    [new IvhResponseShapeError([], {}), 502],
    [new IvhAbortError('x'), 503],
    [new IvhConfigError('x'), 500],
    [new IvhPluginError('p', 'onOpen', 'x'), 500],
    [new Error('x'), 500],
    [undefined, 500],
  ])('maps %s to %i', (error, status) => expect(httpStatusOf(error)).toBe(status))
})

describe('mayHaveTakenEffect', () => {
  it.each([
    [new IvhTransportError('x'), true],
    [new IvhTransportError('x', { notSent: true }), false],
    [new IvhTimeoutError('x', 1, { notSent: true }), false],
    [new IvhTransportError('x', { status: 200 }), true],
    [new IvhTransportError('x', { status: 404 }), false],
    [new IvhTransportError('x', { status: 408 }), true],
    [new IvhTransportError('x', { status: 429 }), false],
    [new IvhTransportError('x', { status: 503 }), true],
    [new IvhTimeoutError('x', 5), true],
    [new IvhAbortError('x'), true],
    [new IvhResponseShapeError([], {}), true],
    [new IvhApiError(100000, ''), true],
    [new IvhApiError(-111004, ''), true],
    [new IvhApiError(424242, ''), true],
    [new IvhApiError(100012, ''), false],
    [new IvhApiError(100008, ''), false],
    [new IvhConfigError('x'), false],
    [new IvhValidationError([]), false],
    [new IvhPluginError('p', 'onOpen', 'x'), false],
    [new IvhSessionError('closed', 'x'), false],
  ])('maps %s to %s', (error, expected) => expect(mayHaveTakenEffect(error)).toBe(expected))
})

describe('mayPass', () => {
  it.each([
    [new IvhTransportError('x'), true],
    [new IvhTransportError('x', { status: 502 }), true],
    [new IvhTransportError('x', { status: 429 }), true],
    [new IvhTransportError('x', { status: 404 }), false],
    [new IvhTransportError('x', { status: 302 }), false],
    [new IvhTimeoutError('x', 5), true],
    [new IvhApiError(100012, ''), true],
    [new IvhApiError(-101000, ''), true],
    [new IvhApiError(100008, ''), false],
    [new IvhApiError(100001, ''), false],
    [new IvhApiError(110014, ''), false],
    [new IvhAbortError('x'), false],
    [new IvhValidationError([]), false],
    [new Error('x'), false],
    [undefined, false],
  ])('maps %s to %s', (error, expected) => expect(mayPass(error)).toBe(expected))
})

describe('error.cause', () => {
  const url = 'https://h/p?appkey=k&timestamp=1&signature=aGlkZGVu%3D'

  it('is the thrown value itself when it contains no secret', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    expect(new IvhTransportError('x', { cause }).cause).toBe(cause)
    const reason = { why: 'shutdown' }
    expect(new IvhAbortError('x', { cause: reason }).cause).toBe(reason)
    expect(new IvhAbortError('x', { cause: 0 }).cause).toBe(0)
  })

  it.each([
    ['in its message', new Error(`fetch ${url} failed`)],
    ['in a field', Object.assign(new Error('failed'), { url })],
    ['in its code', Object.assign(new Error('failed'), { code: `E ${url}` })],
    ['in its own cause', new Error('failed', { cause: new Error(url) })],
    ['as text', `fetch ${url} failed`],
    ['as an object', { request: { url } }],
  ])('is a redacted copy when it has a secret %s', (_name, cause) => {
    const error = new IvhTransportError('x', { cause })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('aGlkZGVu')
    if (cause instanceof Error) expect(error.cause).toBeInstanceOf(Error)
  })

  it('keeps its name, code and stack in the redacted copy', () => {
    const original = Object.assign(new TypeError(url), { code: 'E_URL' })
    const { cause } = new IvhTransportError('x', { cause: original })
    expect(cause).toMatchObject({ name: 'TypeError', code: 'E_URL' })
    expect(cause instanceof Error && cause.stack).toMatch(/errors\.test\.ts/)
  })
})
