import { describe, expect, it } from 'vitest'
import { anyOpen, createTestClient, rejection } from '../../testing/test-client'
import type { OpenSessionOptions } from './open-options'

async function messageOf(options: object): Promise<string> {
  const { ivh, transport } = await createTestClient()
  // Use values that the types forbid too: untyped callers may pass them.
  const error = await rejection(ivh.sessions.open({ ...anyOpen, ...options } as OpenSessionOptions))
  expect(error).toMatchObject({ kind: 'validation' })
  expect(transport.calls).toEqual([])
  return String(Object(error).message)
}

describe('the validation errors of sessions.open', () => {
  it.each<[object, RegExp]>([
    [{ userId: '' }, /^The request is not valid: userId must not be empty/],
    [{ protocol: 'RTMP' }, /: protocol must be "rtmp"/],
    [{ driverType: 2 }, /: driverType must be 1/],
    [{ streamMaxIntervalMs: 1 }, /: streamMaxIntervalMs must be/],
    [{ speech: { speed: 20 } }, /: speech\.speed must be 50–200/],
    [{ backgrounds: [{ url: 'a' }, { url: '' }] }, /: backgrounds\.1\.url must not be empty/],
    [{ foregrounds: [{ url: 'a', width: 0 }] }, /: foregrounds\.0\.width must be at least 1/],
    [{ anchor: { Scale: 99 } }, /: anchor\.Scale must be above 0/],
    [{ cssCustomPushUrl: 'rtmp://h/a/b' }, /: cssCustomPushUrl has no txSecret/],
    [{ protocol: 'trtc', trtc: { appId: 'x' } }, /: trtc\.appId must be/],
  ])('name the options of %j', async (options, message) => {
    expect(await messageOf(options)).toMatch(message)
  })

  it('keep the wire names of the request option', async () => {
    expect(await messageOf({ request: { Timeout: 0 } })).toMatch(/: request\.Timeout must be/)
  })
})
