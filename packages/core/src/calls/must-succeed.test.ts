import { describe, expect, it } from 'vitest'
import type { IvhClientOptions } from '../options/client-options'
import { resolveOptions } from '../options/resolve-options'
import type { ScriptedResponse } from '../testing/scripted-transport'
import { createScriptedTransport } from '../testing/scripted-transport'
import { rejection } from '../testing/test-client'
import { createVirtualClock } from '../testing/virtual-clock'
import { createAttempts } from './attempts'
import { createCaller } from './call'

/** Closes a session of a service that sends these responses. */
async function closing(
  response: (count: number) => ScriptedResponse | undefined,
  options: IvhClientOptions = {},
) {
  await import('../protocol/schemas')
  const clock = createVirtualClock()
  const transport = createScriptedTransport({
    ...{ clock, latencyMs: () => 1 },
    script: { closesession: ({ count }) => response(count) ?? { payload: {} } },
  })
  const resolved = resolveOptions({
    ...{ appKey: 'k', accessToken: 't', clock, transport, random: () => 1, ...options },
  })
  const call = createCaller(resolved, createAttempts(resolved, transport))
  const start = clock.now()
  return {
    clock,
    close: (limits: { readonly deadlineMs?: number; readonly maxRetries?: number } = {}) =>
      call('closeSession', { SessionId: 'm1' }, { ...limits, mustSucceed: true }),
    get attempts() {
      return transport.calls.length
    },
    get elapsedMs() {
      return clock.now() - start
    },
  }
}

const down: ScriptedResponse = { fail: 'down' }

describe('a call with mustSucceed', () => {
  it('survives a minute without network, regardless of the client’s limits', async () => {
    let up = false
    const service = await closing(() => (up ? undefined : down), { deadlineMs: 100, maxRetries: 0 })
    const closed = service.close()
    await service.clock.advance(60_000)
    up = true
    await service.clock.drain()
    await closed
    expect(service.elapsedMs).toBeLessThan(71_000)
  })

  it('gives up after two minutes, or at its own limits', async () => {
    const patient = await closing(() => down)
    const error = rejection(patient.close())
    await patient.clock.drain()
    expect(await error).toMatchObject({ kind: 'transport', attempt: 17 })
    expect(patient.elapsedMs).toBeGreaterThan(105_000)
    expect(patient.elapsedMs).toBeLessThan(120_000)
    for (const [limits, attempts] of [
      [{ deadlineMs: 1_000 }, 3],
      [{ maxRetries: 1 }, 2],
    ] as const) {
      const service = await closing(() => down)
      const failed = rejection(service.close(limits))
      await service.clock.drain()
      await failed
      expect(service.attempts).toBe(attempts)
    }
  })

  it.each<[string, ScriptedResponse]>([
    [
      'an unknown code with status 503',
      { raw: { status: 503, body: '{"Header":{"Code":50300},"Payload":{}}' } },
    ],
    ['an unknown code with status 200', { code: 50300 }],
    ['an internal failure', { code: -111005 }],
    ['a temporary state', { code: 110014 }],
    ['an unreadable response', { raw: { status: 200, body: '{"Header":{}}' } }],
  ])('retries after %s', async (_name, response) => {
    const service = await closing((count) => (count === 1 ? response : undefined))
    const closed = service.close()
    await service.clock.drain()
    await closed
    expect(service.attempts).toBe(2)
  })

  it('ends at once after an error that a retry cannot fix', async () => {
    const service = await closing(() => ({ code: 100005 }))
    const error = rejection(service.close())
    await service.clock.drain()
    expect(await error).toMatchObject({ code: 100005 })
    expect(service.attempts).toBe(1)
  })
})
