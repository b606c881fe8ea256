import { describe, expect, it } from 'vitest'
import { type IvhClientOptions, resolveOptions } from '../client/options'
import type { ScriptedAnswer } from '../testing/scripted-transport'
import { createScriptedTransport } from '../testing/scripted-transport'
import { rejection } from '../testing/test-client'
import { createVirtualClock } from '../testing/virtual-clock'
import { createAttempts } from './attempts'
import { createCaller } from './call'

/** Closes sessions of a service that gives these answers. */
async function closing(
  answer: (count: number) => ScriptedAnswer | undefined,
  options: IvhClientOptions = {},
) {
  await import('../protocol/schemas')
  const clock = createVirtualClock()
  const transport = createScriptedTransport({
    ...{ clock, latencyMs: () => 1 },
    script: { closesession: ({ count }) => answer(count) ?? { payload: {} } },
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
    get tries() {
      return transport.calls.length
    },
    get elapsedMs() {
      return clock.now() - start
    },
  }
}

const down: ScriptedAnswer = { fail: 'down' }

describe('a call with mustSucceed', () => {
  it('outlasts a minute without network, whatever the client’s limits are', async () => {
    let up = false
    const service = await closing(() => (up ? undefined : down), { deadlineMs: 100, maxRetries: 0 })
    const closed = service.close()
    await service.clock.advance(60_000)
    up = true
    await service.clock.drain()
    await closed
    expect(service.elapsedMs).toBeLessThan(71_000)
  })

  it('gives up after two minutes, or when its own limits say so', async () => {
    const patient = await closing(() => down)
    const error = rejection(patient.close())
    await patient.clock.drain()
    expect(await error).toMatchObject({ kind: 'transport', attempt: 17 })
    expect(patient.elapsedMs).toBeGreaterThan(105_000)
    expect(patient.elapsedMs).toBeLessThan(120_000)
    for (const [limits, tries] of [
      [{ deadlineMs: 1_000 }, 3],
      [{ maxRetries: 1 }, 2],
    ] as const) {
      const service = await closing(() => down)
      const failed = rejection(service.close(limits))
      await service.clock.drain()
      await failed
      expect(service.tries).toBe(tries)
    }
  })

  it.each<[string, ScriptedAnswer]>([
    [
      'a code that nobody knows',
      { raw: { status: 503, body: '{"Header":{"Code":50300},"Payload":{}}' } },
    ],
    ['such a code with status 200', { code: 50300 }],
    ['a failure inside', { code: -111005 }],
    ['a state that passes', { code: 110014 }],
    ['an unreadable answer', { raw: { status: 200, body: '{"Header":{}}' } }],
  ])('goes on after %s', async (_name, answer) => {
    const service = await closing((count) => (count === 1 ? answer : undefined))
    const closed = service.close()
    await service.clock.drain()
    await closed
    expect(service.tries).toBe(2)
  })

  it('ends at once when it cannot help', async () => {
    const service = await closing(() => ({ code: 100005 }))
    const error = rejection(service.close())
    await service.clock.drain()
    expect(await error).toMatchObject({ code: 100005 })
    expect(service.tries).toBe(1)
  })
})
