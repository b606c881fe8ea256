import { describe, expect, it } from 'vitest'
import type { IvhClientOptions } from '../options/client-options'
import { createServerTime } from '../signing/server-time'
import { createMemoryLogger, type ScriptedResponse } from '../testing/scripted-transport'
import { createTestClient, rejection } from '../testing/test-client'
import { createVirtualClock } from '../testing/virtual-clock'

const one = { SessionId: 'm1' }
const asset = { AssetVirtualmanKey: 'a', UserId: 'u', Protocol: 'rtmp', DriverType: 1 } as const
const hour = 3_600_000

const refusing =
  (status: number, body: string) =>
  (date: string): ScriptedResponse => ({ raw: { status, body, headers: { date } } })

/**
 * A service whose clock is `aheadMs` ahead. It refuses signatures that are more than 5 minutes off
 * and sends its Date.
 */
async function serviceAhead(
  aheadMs: number,
  refuse: (date: string) => ScriptedResponse = (date) => ({
    raw: { status: 200, body: '{"Header":{"Code":100005}}', headers: { date } },
  }),
  options: IvhClientOptions = {},
) {
  let now = () => 0
  const response = ({ request }: { request: { path: string } }) => {
    const timestamp =
      Number(new URL(request.path, 'http://h').searchParams.get('timestamp')) * 1_000
    const serverNow = now() + aheadMs
    if (Math.abs(serverNow - timestamp) <= 5 * 60_000) return undefined
    return refuse(new Date(serverNow).toUTCString())
  }
  const client = await createTestClient(
    { script: { statsession: response, createsessionbyasset: response, command: response } },
    options,
  )
  now = () => client.clock.now()
  return client
}

describe('clock correction', () => {
  it.each([24 * hour, -24 * hour, 5 * 60_000 + 5_000, -6 * 60_000])(
    'adds one call when the clock is %i ms off, and no later calls',
    async (aheadMs) => {
      const { ivh, clock, transport, lines } = await serviceAhead(aheadMs)
      for (const calls of [2, 3, 4]) {
        const stat = ivh.statSession(one)
        await clock.drain()
        await stat
        expect(transport.calls).toHaveLength(calls)
        await clock.advance(hour)
      }
      expect(lines).toEqual([
        expect.stringMatching(
          aheadMs > 0 ? /clock .* s behind the server.*Set the clock/ : /s ahead of the server/,
        ),
      ])
    },
  )

  it('resends a create, because the refused create had no effect', async () => {
    const { ivh, clock, transport } = await serviceAhead(3 * hour)
    const created = ivh.createSessionByAsset(asset)
    await clock.drain()
    expect(await created).toMatchObject({ SessionId: 'm1' })
    expect(transport.created).toBe(1)
  })

  it.each([401, 403])('applies after status %i, regardless of the body', async (status) => {
    const { ivh, clock } = await serviceAhead(hour, (date) => ({
      raw: { status, body: 'Forbidden', headers: { date } },
    }))
    const stat = ivh.statSession(one)
    await clock.drain()
    expect(await stat).toMatchObject({ SessionStatus: 1 })
  })

  it.each<[string, (date: string) => ScriptedResponse]>([
    ['an unknown code', refusing(200, '{"Header":{"Code":424242}}')],
    ['a code with another meaning', refusing(200, '{"Header":{"Code":100001}}')],
    ['an unknown code with a failed HTTP status', refusing(500, '{"Header":{"Code":424242}}')],
    ['a failed HTTP status alone', refusing(400, 'Bad Request')],
  ])('applies after %s', async (_name, refuse) => {
    const { ivh, clock, transport } = await serviceAhead(hour, refuse)
    const created = ivh.createSessionByAsset(asset)
    await clock.drain()
    expect(await created).toMatchObject({ SessionId: 'm1' })
    expect(transport.calls).toHaveLength(2)
  })

  it('covers each of many concurrent calls and logs once', async () => {
    const { ivh, clock, transport, lines } = await serviceAhead(hour)
    const stats = Promise.all(Array.from({ length: 20 }, () => ivh.statSession(one)))
    await clock.drain()
    await stats
    expect(transport.calls).toHaveLength(40)
    expect(lines).toHaveLength(1)
  })

  it('learns a new offset when the local clock is corrected later', async () => {
    let aheadMs = 2 * hour
    const clock = createVirtualClock()
    const time = createServerTime({ clock, logger: createMemoryLogger() })
    expect(time.learn(clock.now() + aheadMs, time.now(), 1)).toBe(true)
    expect(time.now()).toBe(clock.now() + aheadMs)
    aheadMs = 0
    expect(time.learn(clock.now() + aheadMs, time.now(), 1)).toBe(true)
    expect(time.now()).toBe(clock.now())
  })
})

describe('a refusal that the clock does not explain', () => {
  it.each([
    ['the clocks agree', (now: number) => ({ date: new Date(now + 239_000).toUTCString() })],
    ['the Date is missing', () => ({})],
    ['the Date is invalid', () => ({ date: 'tomorrow' })],
    [
      'the Date is 48 hours away',
      (now: number) => ({ date: new Date(now + 48 * hour).toUTCString() }),
    ],
  ])('is not retried when %s', async (_name, headersAt) => {
    const { ivh, clock, transport } = await createTestClient({
      script: {
        statsession: () => ({
          raw: {
            status: 200,
            body: '{"Header":{"Code":100005}}',
            headers: headersAt(Date.UTC(2026, 0, 1)),
          },
        }),
      },
    })
    const error = rejection(ivh.statSession(one))
    await clock.drain()
    expect(await error).toMatchObject({ code: 100005, attempt: 1 })
    expect(transport.calls).toHaveLength(1)
  })

  it('is retried at most once when the access token is wrong', async () => {
    const { ivh, clock, transport } = await createTestClient({
      script: {
        statsession: () => ({
          raw: {
            status: 401,
            body: '',
            headers: { date: new Date(clock.now() + hour).toUTCString() },
          },
        }),
      },
    })
    const error = rejection(ivh.statSession(one))
    await clock.drain()
    expect(await error).toMatchObject({ status: 401, attempt: 2 })
    expect(transport.calls).toHaveLength(2)
  })

  it('is not retried after status 502, because the create may have taken effect', async () => {
    const { ivh, clock, transport } = await serviceAhead(hour, (date) => ({
      raw: { status: 502, body: 'Bad Gateway', headers: { date } },
    }))
    const error = rejection(ivh.createSessionByAsset(asset))
    await clock.drain()
    expect(await error).toMatchObject({ status: 502, attempt: 1 })
    expect(transport.calls).toHaveLength(1)
  })
})

it('clock correction does not change the expiry check of a push URL', async () => {
  const { ivh, clock, transport } = await serviceAhead(3 * hour)
  const stat = ivh.statSession(one)
  await clock.drain()
  await stat
  const expiry = Math.floor((clock.now() + hour) / 1_000)
    .toString(16)
    .toUpperCase()
  const CssCustomPushUrl = `rtmp://p.example.com/live/s?txSecret=${'0'.repeat(32)}&txTime=${expiry}`
  const created = ivh.createSessionByAsset({
    ...asset,
    ProtocolOption: { CssCustomPushUrl },
  })
  await clock.drain()
  await created
  expect(transport.created).toBe(1)
})
