import { describe, expect, it } from 'vitest'
import type { IvhClientOptions } from '../client/options'
import { createServerTime } from '../signing/server-time'
import { createMemoryLogger, type ScriptedAnswer } from '../testing/scripted-transport'
import { createTestClient, rejection } from '../testing/test-client'
import { createVirtualClock } from '../testing/virtual-clock'

const one = { SessionId: 'm1' }
const asset = { AssetVirtualmanKey: 'a', UserId: 'u', Protocol: 'rtmp', DriverType: 1 } as const
const hour = 3_600_000

const refusing =
  (status: number, body: string) =>
  (date: string): ScriptedAnswer => ({ raw: { status, body, headers: { date } } })

/**
 * A service whose clock is `aheadMs` ahead of the client's, and that refuses what is signed more than 5
 * minutes off, with its Date.
 */
async function serviceAhead(
  aheadMs: number,
  refuse: (date: string) => ScriptedAnswer = (date) => ({
    raw: { status: 200, body: '{"Header":{"Code":100005}}', headers: { date } },
  }),
  options: IvhClientOptions = {},
) {
  let now = () => 0
  const answer = ({ request }: { request: { path: string } }) => {
    const timestamp =
      Number(new URL(request.path, 'http://h').searchParams.get('timestamp')) * 1_000
    const serverNow = now() + aheadMs
    if (Math.abs(serverNow - timestamp) <= 5 * 60_000) return undefined
    return refuse(new Date(serverNow).toUTCString())
  }
  const client = await createTestClient(
    { script: { statsession: answer, createsessionbyasset: answer, command: answer } },
    options,
  )
  now = () => client.clock.now()
  return client
}

describe('a wrong local clock', () => {
  it.each([24 * hour, -24 * hour, 5 * 60_000 + 5_000, -6 * 60_000])(
    'off by %i ms costs one corrective call, then none',
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

  it('is corrected for a create as well: it was refused before anything was done', async () => {
    const { ivh, clock, transport } = await serviceAhead(3 * hour)
    const created = ivh.createSessionByAsset(asset)
    await clock.drain()
    expect(await created).toMatchObject({ SessionId: 'm1' })
    expect(transport.created).toBe(1)
  })

  it.each([401, 403])('is known by the status %i, whatever the body', async (status) => {
    const { ivh, clock } = await serviceAhead(hour, (date) => ({
      raw: { status, body: 'Forbidden', headers: { date } },
    }))
    const stat = ivh.statSession(one)
    await clock.drain()
    expect(await stat).toMatchObject({ SessionStatus: 1 })
  })

  it.each<[string, (date: string) => ScriptedAnswer]>([
    ['a code that nobody knows', refusing(200, '{"Header":{"Code":424242}}')],
    ['a code of another kind', refusing(200, '{"Header":{"Code":100001}}')],
    ['a code with a status', refusing(500, '{"Header":{"Code":424242}}')],
    ['a status alone', refusing(400, 'Bad Request')],
  ])('is corrected after %s too: nothing else is documented', async (_name, refuse) => {
    const { ivh, clock, transport } = await serviceAhead(hour, refuse)
    const created = ivh.createSessionByAsset(asset)
    await clock.drain()
    expect(await created).toMatchObject({ SessionId: 'm1' })
    expect(transport.calls).toHaveLength(2)
  })

  it('of many calls at once is corrected for each of them, and told of once', async () => {
    const { ivh, clock, transport, lines } = await serviceAhead(hour)
    const stats = Promise.all(Array.from({ length: 20 }, () => ivh.statSession(one)))
    await clock.drain()
    await stats
    expect(transport.calls).toHaveLength(40)
    expect(lines).toHaveLength(1)
  })

  it('that is mended later costs one more', async () => {
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

describe('a refusal that has nothing to do with the clock', () => {
  it.each([
    ['the clocks agree', (now: number) => ({ date: new Date(now + 239_000).toUTCString() })],
    ['there is no Date', () => ({})],
    ['the Date is none', () => ({ date: 'tomorrow' })],
    [
      'the Date is beyond belief',
      (now: number) => ({ date: new Date(now + 48 * hour).toUTCString() }),
    ],
  ])('is not repeated: %s', async (_name, headersAt) => {
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

  it('is repeated once at most: a wrong token stays wrong', async () => {
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

  it('that is none does not move the clock: a bad gateway may have let a create through', async () => {
    const { ivh, clock, transport } = await serviceAhead(hour, (date) => ({
      raw: { status: 502, body: 'Bad Gateway', headers: { date } },
    }))
    const error = rejection(ivh.createSessionByAsset(asset))
    await clock.drain()
    expect(await error).toMatchObject({ status: 502, attempt: 1 })
    expect(transport.calls).toHaveLength(1)
  })
})

it('the correction is for the signature alone: a push URL expires by the local clock', async () => {
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
