/**
 * The part of `@opentelemetry/api` that is used, by shape: the package is an optional peer, so the types
 * that others compile against must not need it either.
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

/** What is used of the package's exports. */
export interface TelemetryApi {
  readonly context: { active(): object }
  readonly metrics: { getMeter(name: string): TelemetryMeter }
  readonly trace: {
    getTracer(name: string): TelemetryTracer
    setSpan(context: object, span: TelemetrySpan): object
  }
}

/** `SpanKind.CLIENT` and `SpanStatusCode.ERROR`; the values are part of the API's promise. */
export const clientKind = 2
export const errorStatus = 2
