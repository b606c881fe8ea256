import { IvhConfigError } from '@ivh-kit/kernel'
import { describe, expect, it } from 'vitest'
import { createClock } from './clock'
import { createGateway } from './gateway/gateway'

describe('options', () => {
  it.each([
    { concurrency: -1 },
    { concurrency: Number.NaN },
    { prepareMs: -1 },
    { prepareMs: Number.POSITIVE_INFINITY },
    { idleTimeoutMs: 0 },
    { idleTimeoutMs: 2 ** 31 },
  ])('rejects %o and names the option', (options) => {
    const [name] = Object.keys(options)
    expect(() => createGateway(options)).toThrow(IvhConfigError)
    expect(() => createGateway(options)).toThrow(new RegExp(`^${name} must be a number from`))
  })

  it.each([{ concurrency: 0 }, { prepareMs: 0 }, { idleTimeoutMs: 2 ** 31 - 1 }])(
    'accepts %o',
    (options) => {
      expect(createGateway(options).sessions).toEqual([])
    },
  )

  it.each<[option: object, why: string]>([
    [{ region: 'china' }, "region must be 'mainland' or 'international', got 'china'"],
    [{ channelErrorIn: 'x' }, "channelErrorIn must be 'payload' or 'header' or 'both', got 'x'"],
    [{ environment: null }, "environment must be 'saas' or 'private', got null"],
    [{ authFailure: { status: 200, code: 0 } }, 'authFailure.code must not be 0'],
    [
      { authFailure: { status: 500, code: 1 } },
      'authFailure.status must be 200, 401 or 403, got 500',
    ],
    [{ concurrency: 1.5 }, 'concurrency must be a whole number, got 1.5'],
    [{ concurrency: '1' }, "concurrency must be a number from 0 to 2147483647, got '1'"],
    [{ seed: Number.NaN }, 'seed must be a whole number, got NaN'],
    [{ waitingStates: 'no' }, "waitingStates must be true or false, got 'no'"],
    [{ appKey: '' }, 'appKey must not be empty'],
    [{ accessToken: 12345 }, 'accessToken must be a text'],
    [{ clock: { now: () => 0 } }, 'clock must be an object with now and after'],
    [{ media: {} }, 'media must be an object with open'],
    [{ logger: () => {} }, 'logger must be an object with info and warn'],
    [{ createId: 'id' }, 'createId must be a function'],
    [{ quota: 5 }, 'createEmulator has no option "quota". Known options: appKey, accessToken, '],
  ])('rejects %j with the reason', (options, why) => {
    expect(() => createGateway(options)).toThrow(IvhConfigError)
    expect(() => createGateway(options)).toThrow(why)
  })

  it('keeps a clock of the caller', () => {
    const clock = createClock({ running: false })
    expect(createGateway({ clock }).clock).toBe(clock)
  })
})
