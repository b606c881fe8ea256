import {
  type Attributes,
  type Meter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import { openTestSession } from '../../testing/open-test-session'
import type { ScriptOptions } from '../../testing/scripted-transport'
import { anyOpen, createTestClient, rejection } from '../../testing/test-client'
import { clientKind, errorStatus, type TelemetryMeter, type TelemetryTracer } from './opentelemetry'
import { telemetry } from './telemetry'

const shutDowns: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const shutDown of shutDowns.splice(0)) await shutDown()
})

async function createExporters() {
  const spans = new InMemorySpanExporter()
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: metrics })
  const meters = new MeterProvider({ readers: [reader] })
  shutDowns.push(
    () => tracers.shutdown(),
    () => meters.shutdown(),
  )
  const plugin = telemetry({ tracer: tracers.getTracer('t'), meter: meters.getMeter('m') })
  // Load the API before the clock moves: loading takes real time.
  await plugin.setup?.()
  return {
    plugin,
    spans: () => spans.getFinishedSpans(),
    span(name: string): ReadableSpan {
      const found = spans.getFinishedSpans().find((span) => span.name.endsWith(name))
      if (!found) throw new Error(`no span ${name}`)
      return found
    },
    /** Returns every instrument with its unit and points. */
    async metrics() {
      metrics.reset()
      await reader.forceFlush()
      const all = metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics)
      return all.flatMap((scope) =>
        scope.metrics.map(({ descriptor: { name, unit }, dataPoints }) => ({
          name,
          unit,
          points: dataPoints.map(({ attributes, value }) => ({
            attributes,
            value: typeof value === 'number' ? value : { count: value.count, sum: value.sum },
          })),
        })),
      )
    },
  }
}

async function observed(script: ScriptOptions = {}, maxRetries = 0) {
  const exporters = await createExporters()
  const client = await createTestClient(script, { plugins: [exporters.plugin], maxRetries })
  return { ...exporters, ...client }
}

const statPath = '/v2/ivh/sessionmanager/sessionmanagerservice/statsession'
const endpoint = {
  'http.request.method': 'POST',
  'url.path': statPath,
  'server.address': 'gw-sg.tvs.qq.com',
  'server.port': 443,
}

it('C9: ends the span of every attempt while an open waits for concurrency', async () => {
  const { ivh, clock, spans } = await observed({
    script: { createsessionbyasset: ({ count }) => (count < 3 ? { code: 100008 } : undefined) },
  })
  const opening = ivh.sessions.open({ ...anyOpen, waitForQuota: { timeoutMs: 30_000 } })
  await clock.advance(10_000)
  await opening
  const opens = spans().filter(({ name }) => name === 'ivh.session.open')
  expect(opens.map(({ status }) => status.code)).toEqual([
    SpanStatusCode.ERROR,
    SpanStatusCode.ERROR,
    SpanStatusCode.UNSET,
  ])
})

describe('the span of a call', () => {
  it('is named after the endpoint and contains the outcome', async () => {
    const { ivh, clock, spans } = await observed()
    await Promise.all([ivh.statSession({ SessionId: 'm1' }), clock.advance(10)])
    expect(spans()).toMatchObject([
      {
        name: `POST ${statPath}`,
        kind: SpanKind.CLIENT,
        status: { code: SpanStatusCode.UNSET },
      },
    ])
    expect(spans()[0]?.attributes).toEqual({
      ...endpoint,
      'ivh.req_id': '1'.padStart(32, '0'),
      'ivh.session_id': 'm1',
      'ivh.request_id': 'gz01',
      'ivh.code': 0,
      'http.response.status_code': 200,
    })
  })

  it('contains the retries of one call as events', async () => {
    const { ivh, clock, spans } = await observed(
      { script: { statsession: ({ count }) => (count < 3 ? { code: 100012 } : undefined) } },
      2,
    )
    await Promise.all([ivh.statSession({ SessionId: 'm1' }), clock.advance(5_000)])
    const [span, ...others] = spans()
    expect(others).toEqual([])
    expect(span?.attributes).toMatchObject({ 'http.request.resend_count': 2, 'ivh.code': 0 })
    expect(span?.events).toMatchObject([
      {
        name: 'ivh.retry',
        attributes: { 'ivh.attempt': 1, 'ivh.retry_delay': 0.25, 'error.type': 'IvhApiError' },
      },
      { name: 'ivh.retry', attributes: { 'ivh.attempt': 2, 'ivh.retry_delay': 0.5 } },
    ])
  })

  it('has the error status when the call failed', async () => {
    const { ivh, clock, span } = await observed({
      script: { statsession: () => ({ code: 110018, message: 'gone signature=S3cret' }) },
    })
    await Promise.all([rejection(ivh.statSession({ SessionId: 'm1' })), clock.advance(10)])
    const { attributes, status } = span('statsession')
    expect(attributes).toMatchObject({ 'error.type': 'IvhApiError', 'ivh.code': 110018 })
    expect(status.code).toBe(SpanStatusCode.ERROR)
    expect(status.message).toContain('IVH answered 110018')
    expect(status.message).not.toContain('S3cret')
  })
})

describe('the span of an open', () => {
  it('is the parent of the calls of its open only', async () => {
    const { ivh, clock, spans } = await observed()
    const opening = ['u1', 'u2'].map((userId) => ivh.sessions.open({ ...anyOpen, userId }))
    await clock.advance(1_000)
    await Promise.all(opening)
    const opens = spans().filter(({ name }) => name === 'ivh.session.open')
    expect(opens.map(({ attributes }) => attributes)).toEqual([
      { 'ivh.protocol': 'rtmp', 'ivh.driver_type': 1, 'ivh.session_id': 'm1' },
      { 'ivh.protocol': 'rtmp', 'ivh.driver_type': 1, 'ivh.session_id': 'm2' },
    ])
    for (const open of opens) {
      const children = spans().filter(
        ({ parentSpanContext }) => parentSpanContext?.spanId === open.spanContext().spanId,
      )
      expect(children.map(({ name }) => name.split('/').at(-1))).toEqual([
        'createsessionbyasset',
        'statsession',
        'startsession',
      ])
      const sessionIds = new Set(children.slice(1).map((span) => span.attributes['ivh.session_id']))
      expect([...sessionIds]).toEqual([open.attributes['ivh.session_id']])
    }
  })

  it('has the error status when the open failed', async () => {
    const { ivh, clock, span, metrics } = await observed({
      script: { startsession: () => ({ code: 110016 }) },
    })
    await Promise.all([rejection(ivh.sessions.open(anyOpen)), clock.advance(5_000)])
    expect(span('ivh.session.open')).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'error.type': 'IvhApiError' },
    })
    const names = (await metrics()).map(({ name }) => name)
    expect(names).not.toContain('ivh.session.active')
    expect(names).not.toContain('ivh.session.time_to_ready')
  })
})

describe('the span of an utterance', () => {
  it('lasts from say to the end of the utterance and contains its start', async () => {
    const { plugin, spans } = await createExporters()
    const { clock, session } = await openTestSession({ client: { plugins: [plugin] } })
    const speech = session.say('Hello')
    await clock.advance(3_000)
    await speech.finished
    const cut = session.say('A long story')
    await clock.advance(500)
    await Promise.all([session.interrupt(), clock.advance(3_000)])
    await cut.finished
    const speeches = spans().filter(({ name }) => name === 'ivh.speech')
    expect(speeches).toMatchObject([
      {
        attributes: { 'ivh.speech.interrupted': false },
        events: [{ name: 'ivh.speech.started' }],
      },
      { attributes: { 'ivh.speech.interrupted': true } },
    ])
    expect(speeches[0]?.attributes).toEqual({
      'ivh.session_id': 'm1',
      'ivh.speech.kind': 'text',
      'ivh.speech.interrupted': false,
    })
  })

  it('has the error status when the source threw, without secrets', async () => {
    const { plugin, span } = await createExporters()
    const { clock, session } = await openTestSession({ client: { plugins: [plugin] } })
    async function* broken() {
      yield 'Once upon a time. '
      throw new TypeError('GET https://h/?accesstoken=S3cret failed')
    }
    const speech = session.say(broken())
    await Promise.all([rejection(speech.finished), clock.advance(10_000)])
    expect(span('ivh.speech')).toMatchObject({
      status: {
        code: SpanStatusCode.ERROR,
        message: 'GET https://h/?accesstoken=[redacted] failed',
      },
      attributes: { 'error.type': 'TypeError' },
    })
  })
})

describe('the metrics', () => {
  it('have the documented names and units', async () => {
    const { plugin, metrics } = await createExporters()
    const { clock, service, session } = await openTestSession({
      client: { plugins: [plugin], maxRetries: 1 },
      script: {
        script: {
          statsession: ({ count }) =>
            count === 3 ? { raw: { status: 503, body: '' } } : undefined,
        },
      },
    })
    const speech = session.say('Hello')
    await clock.advance(3_000)
    await speech.finished
    service.last.drop()
    await clock.advance(10_000)
    await Promise.all([session.stat(), clock.advance(5_000)])

    const found = await metrics()
    expect(found.map(({ name, unit }) => `${name} ${unit}`).sort()).toEqual([
      'ivh.channel.reconnects {reconnect}',
      'ivh.request.duration s',
      'ivh.request.retries {retry}',
      'ivh.session.active {session}',
      'ivh.session.time_to_ready s',
      'ivh.speech.latency s',
    ])
    const points = (name: string) => found.find((metric) => metric.name === name)?.points ?? []
    const failure: Attributes = { ...endpoint, 'error.type': 'IvhTransportError' }
    expect(points('ivh.request.retries')).toEqual([{ attributes: failure, value: 1 }])
    expect(points('ivh.channel.reconnects')).toEqual([{ attributes: {}, value: 1 }])
    expect(points('ivh.session.active')).toEqual([{ attributes: {}, value: 1 }])
    const [ready] = points('ivh.session.time_to_ready')
    expect(ready).toMatchObject({ attributes: { 'ivh.protocol': 'rtmp' }, value: { count: 1 } })
    expect(points('ivh.speech.latency')).toMatchObject([
      { attributes: { 'ivh.speech.kind': 'text' }, value: { count: 1 } },
    ])
    const stats = points('ivh.request.duration').filter(
      ({ attributes }) => attributes['url.path'] === statPath,
    )
    const succeeded = { ...endpoint, 'http.response.status_code': 200, 'ivh.code': 0 }
    expect(stats).toEqual([{ attributes: succeeded, value: { count: 3, sum: expect.any(Number) } }])

    await Promise.all([session.close(), clock.advance(100)])
    const later = await metrics()
    const active = later.find(({ name }) => name === 'ivh.session.active')
    expect(active?.points).toEqual([{ attributes: {}, value: 0 }])
  })
})

describe('telemetry', () => {
  it('uses the tracer and the meter of the API by default', async () => {
    const { metrics, trace } = await import('@opentelemetry/api')
    const getTracer = vi.spyOn(trace, 'getTracer')
    const getMeter = vi.spyOn(metrics, 'getMeter')
    const plugin = telemetry()
    expect(getTracer).not.toHaveBeenCalled()
    await plugin.setup?.()
    expect(getTracer).toHaveBeenCalledWith('@ivh-kit/core')
    expect(getMeter).toHaveBeenCalledWith('@ivh-kit/core')
  })

  it('has types and constants that match the API', () => {
    expectTypeOf<Tracer>().toExtend<TelemetryTracer>()
    expectTypeOf<Meter>().toExtend<TelemetryMeter>()
    expect([clientKind, errorStatus]).toEqual([SpanKind.CLIENT, SpanStatusCode.ERROR])
    expect(ROOT_CONTEXT).toBeTypeOf('object')
  })
})
