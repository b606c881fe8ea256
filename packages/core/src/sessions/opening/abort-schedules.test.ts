import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isIvhError } from '../../errors'
import type { ScriptedResponse } from '../../testing/scripted-transport'
import { anyOpen, createTestClient } from '../../testing/test-client'

const latency = fc.integer({ min: 1, max: 9_000 })

/** Outcomes of a call other than the normal response. */
const fault = fc.constantFrom<ScriptedResponse[]>(
  { fail: new Error('reset') },
  { code: 100012 },
  { code: 110014 },
  { raw: { status: 502, body: '' } },
)
const faults = (maxLength: number) =>
  fc.array(fc.option(fault, { nil: undefined, freq: 2 }), { maxLength })
/** An outage in which the first calls fail, at most `maxCalls` of them. */
const outage = (maxCalls: number) =>
  fc.record({ response: fault, calls: fc.integer({ min: 0, max: maxCalls }) })
const during = (
  { response, calls }: { readonly response: ScriptedResponse; readonly calls: number },
  count: number,
) => (count <= calls ? response : undefined)

/**
 * Ignores a rejection of closeAll: one attempt per close may not suffice, and the background retries it.
 */
const settled = (closing: Promise<void>) => closing.catch(() => {})

const schedule = fc.record({
  latencies: fc.record({
    createsessionbyasset: latency,
    statsession: latency,
    startsession: latency,
    closesession: latency,
  }),
  preparingPolls: fc.integer({ min: 0, max: 4 }),
  // Faults of a create: refused, lost on the way to the service, or lost on the way back.
  createFaults: fc.array(
    fc.option(
      fc.constantFrom<ScriptedResponse[]>(
        { code: 100012 },
        { fail: { code: 'ECONNREFUSED' } },
        { lost: new Error('reset') },
        { code: 100000 },
      ),
      { nil: undefined, freq: 3 },
    ),
    { maxLength: 2 },
  ),
  maxRetries: fc.integer({ min: 0, max: 2 }),
  statFaults: faults(4),
  startFaults: faults(1),
  // Use outages that outlast one close and one search.
  closeOutage: outage(60),
  listOutage: outage(30),
  timeoutMs: fc.integer({ min: 500, max: 6_000 }),
  readyTimeoutMs: fc.integer({ min: 1, max: 20_000 }),
  abortAt: fc.integer({ min: 0, max: 30_000 }),
  how: fc.constantFrom('signal', 'closeAll', 'close', 'nothing'),
})

it('every created session is closed after any abort and any failure', async () => {
  const outcomes = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(schedule, async (plan) => {
      const latencies: Readonly<Record<string, number>> = plan.latencies
      const { ivh, clock, transport } = await createTestClient(
        {
          preparingPolls: plan.preparingPolls,
          // Let a create respond within twice its timeout, and a close within its timeout. A later response
          // to a create would give the client no id to close.
          latencyMs: (endpoint) =>
            endpoint === 'closesession'
              ? (latencies[endpoint] ?? 1) % plan.timeoutMs
              : Math.min(latencies[endpoint] ?? 1, 2 * plan.timeoutMs - 1),
          script: {
            createsessionbyasset: ({ count }) => plan.createFaults[count - 1],
            statsession: ({ count }) => plan.statFaults[count - 1],
            startsession: ({ count }) => plan.startFaults[count - 1],
            closesession: ({ count }) => during(plan.closeOutage, count),
            listsessionofuin: ({ count }) => during(plan.listOutage, count),
          },
        },
        { timeoutMs: plan.timeoutMs, maxRetries: plan.maxRetries },
      )
      const controller = new AbortController()
      const { signal } = controller
      const { readyTimeoutMs } = plan
      let settledAt: number | undefined
      const outcome = ivh.sessions
        .open({ ...anyOpen, readyTimeoutMs, signal })
        .then(
          () => 'opened',
          (error: unknown) => (isIvhError(error) ? error.kind : `foreign error:  ${String(error)}`),
        )
        .finally(() => {
          settledAt = clock.now()
        })

      await clock.advance(plan.abortAt)
      const abortedAt = clock.now()
      const openBefore = settledAt !== undefined
      const closing: Promise<unknown>[] = []
      if (plan.how === 'signal') controller.abort()
      if (plan.how === 'closeAll') closing.push(settled(ivh.sessions.closeAll()))
      if (plan.how === 'close') closing.push(settled(ivh.close()))
      if (plan.how !== 'nothing' && !openBefore) {
        await clock.advance(0)
        expect(settledAt, 'the open rejects at once').toBe(abortedAt)
      }
      await clock.drain()
      await Promise.all(closing)
      const kind = await outcome

      const held = kind === 'opened' && (plan.how === 'signal' || plan.how === 'nothing')
      expect(transport.live.size).toBe(held ? 1 : 0)
      expect(ivh.sessions.list).toHaveLength(held ? 1 : 0)
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
      expect(clock.pending).toBe(0)
      expect(transport.created).toBeLessThanOrEqual(1)
      expect(kind).toMatch(/^(opened|abort|session|timeout|transport|api)$/)
      outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
    }),
    { numRuns: 400, seed: 20_260_101 },
  )
  // Check that the schedules reach every outcome; otherwise they prove little.
  expect([...outcomes.keys()].sort()).toEqual([
    'abort',
    'api',
    'opened',
    'session',
    'timeout',
    'transport',
  ])
}, 60_000)
