import type { PluginEvent } from '../../contracts/observation'
import type { CreateDraft, SessionContribution } from '../../contracts/plugin'
import type { IvhSession } from '../../contracts/session'
import { type Metrics, seconds } from './metrics'
import type { TelemetrySpan, TelemetryTracer } from './opentelemetry'
import { failSpan } from './span-failure'

interface RunningSpan {
  readonly span: TelemetrySpan
  /** The protocol of an open, or the kind of an utterance; a metric needs it later. */
  readonly kind: string
}

/** Creates a span per open and per utterance, and records the metrics of sessions. */
export class SessionTelemetry {
  readonly #tracer: TelemetryTracer
  readonly #metrics: Metrics
  readonly #opens = new Map<string, RunningSpan>()
  readonly #speeches = new WeakMap<IvhSession, Map<number, RunningSpan>>()

  constructor(tracer: TelemetryTracer, metrics: Metrics) {
    this.#tracer = tracer
    this.#metrics = metrics
  }

  /** Returns the span of an open in progress. */
  opening(openId: string): TelemetrySpan | undefined {
    return this.#opens.get(openId)?.span
  }

  open(
    { DriverType, Protocol: protocol }: CreateDraft,
    openId: string,
  ): SessionContribution<undefined> {
    const span = this.#tracer.startSpan('ivh.session.open', {
      attributes: { 'ivh.protocol': protocol, 'ivh.driver_type': DriverType },
    })
    this.#opens.set(openId, { span, kind: protocol })
    return {
      onFailed: (error) => {
        this.#opens.delete(openId)
        failSpan(span, error)
        span.end()
      },
    }
  }

  hear(event: PluginEvent, session: IvhSession): void {
    switch (event.type) {
      case 'opened':
        this.#metrics.activeSessions.add(1)
        this.#opened(session, event.detail)
        break
      case 'closed':
        this.#metrics.activeSessions.add(-1)
        break
      case 'ready':
        if (event.detail.reconnected) this.#metrics.channelReconnects.add(1)
        break
      case 'speech-queued':
        this.#queued(session, event.detail)
        break
      case 'speech-started':
        this.#started(session, event.detail)
        break
      case 'speech-finished':
        this.#finished(session, event.detail)
        break
    }
  }

  #opened(session: IvhSession, { openId, elapsedMs }: Detail<'opened'>): void {
    const opening = openId === undefined ? undefined : this.#opens.get(openId)
    if (!opening || openId === undefined) return
    this.#opens.delete(openId)
    this.#metrics.timeToReady.record(seconds(elapsedMs), { 'ivh.protocol': opening.kind })
    opening.span.setAttributes({ 'ivh.session_id': session.id })
    opening.span.end()
  }

  #queued(session: IvhSession, { speechId, kind }: Detail<'speech-queued'>): void {
    const span = this.#tracer.startSpan('ivh.speech', {
      attributes: { 'ivh.session_id': session.id, 'ivh.speech.kind': kind },
    })
    const spans = this.#speeches.get(session) ?? new Map<number, RunningSpan>()
    this.#speeches.set(session, spans.set(speechId, { span, kind }))
  }

  #started(session: IvhSession, { speechId, latencyMs }: Detail<'speech-started'>): void {
    const speech = this.#speeches.get(session)?.get(speechId)
    if (!speech) return
    speech.span.addEvent('ivh.speech.started')
    this.#metrics.speechLatency.record(seconds(latencyMs), { 'ivh.speech.kind': speech.kind })
  }

  #finished(
    session: IvhSession,
    { speechId, interrupted, error }: Detail<'speech-finished'>,
  ): void {
    const spans = this.#speeches.get(session)
    const span = spans?.get(speechId)?.span
    if (!span) return
    spans.delete(speechId)
    span.setAttributes({ 'ivh.speech.interrupted': interrupted })
    if (error !== undefined) failSpan(span, error)
    span.end()
  }
}

type Detail<Type extends PluginEvent['type']> = Extract<
  PluginEvent,
  { readonly type: Type }
>['detail']
