import { createMetrics } from './metrics'
import type { TelemetryApi, TelemetryMeter, TelemetryTracer } from './opentelemetry'
import { RequestTelemetry } from './request-telemetry'
import { SessionTelemetry } from './session-telemetry'

/** The spans and metrics of a client. */
export interface Instruments {
  readonly requests: RequestTelemetry
  readonly sessions: SessionTelemetry
}

/** @param api Makes the span of an open the parent of its calls. Without it, calls have no parent. */
export function createInstruments(
  tracer: TelemetryTracer,
  meter: TelemetryMeter,
  api: TelemetryApi | undefined,
): Instruments {
  const metrics = createMetrics(meter)
  const sessions = new SessionTelemetry(tracer, metrics)
  const requests = new RequestTelemetry(tracer, metrics, (openId) => {
    const parent = openId === undefined ? undefined : sessions.opening(openId)
    return parent && api?.trace.setSpan(api.context.active(), parent)
  })
  return { requests, sessions }
}
