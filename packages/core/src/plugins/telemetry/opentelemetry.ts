/**
 * The types of `@opentelemetry/api` that the plugin uses. The package is an optional peer, so the published
 * types must not import it.
 */
export type TelemetryAttributes = Record<string, string | number | boolean>

export interface TelemetrySpan {
  setAttributes(attributes: TelemetryAttributes): unknown
  setStatus(status: { code: number; message?: string }): unknown
  addEvent(name: string, attributes?: TelemetryAttributes): unknown
  end(): void
}

/** A `Tracer` of `@opentelemetry/api`. */
export interface TelemetryTracer {
  startSpan(
    name: string,
    options?: { kind?: number; attributes?: TelemetryAttributes },
    context?: object,
  ): TelemetrySpan
}

interface MetricOptions {
  description?: string
  unit?: string
  advice?: { explicitBucketBoundaries?: number[] }
}

export interface TelemetryCounter {
  add(value: number, attributes?: TelemetryAttributes): void
}
export interface TelemetryHistogram {
  record(value: number, attributes?: TelemetryAttributes): void
}

/** A `Meter` of `@opentelemetry/api`. */
export interface TelemetryMeter {
  createCounter(name: string, options?: MetricOptions): TelemetryCounter
  createUpDownCounter(name: string, options?: MetricOptions): TelemetryCounter
  createHistogram(name: string, options?: MetricOptions): TelemetryHistogram
}

/** The used exports of the package. */
export interface TelemetryApi {
  readonly context: { active(): object }
  readonly metrics: { getMeter(name: string): TelemetryMeter }
  readonly trace: {
    getTracer(name: string): TelemetryTracer
    setSpan(context: object, span: TelemetrySpan): object
  }
}

/** `SpanKind.CLIENT` and `SpanStatusCode.ERROR`. The API guarantees these values. */
export const clientKind = 2
export const errorStatus = 2
