import type { ObservedRequest, RequestObserver } from '../../contracts/observation'
import { type Metrics, seconds } from './metrics'
import { clientKind, type TelemetryAttributes, type TelemetryTracer } from './opentelemetry'
import { failSpan, typeOfError } from './span-failure'

/** Creates one client span per call, with an event per retry. Names follow OpenTelemetry's HTTP conventions. */
export function requestTelemetry(
  tracer: TelemetryTracer,
  metrics: Metrics,
  parentOf: (openId: string | undefined) => object | undefined,
): (request: ObservedRequest) => RequestObserver {
  return ({ method, origin, path, reqId, sessionId, openId }) => {
    const endpoint = { 'http.request.method': method, 'url.path': path, ...serverOf(origin) }
    const ids = defined({ 'ivh.req_id': reqId, 'ivh.session_id': sessionId })
    const span = tracer.startSpan(
      `${method} ${path}`,
      { kind: clientKind, attributes: { ...endpoint, ...ids } },
      parentOf(openId),
    )
    return {
      onRetry: ({ attempt, delayMs, error }) => {
        const why = { 'error.type': typeOfError(error) }
        span.addEvent('ivh.retry', {
          'ivh.attempt': attempt,
          'ivh.retry_delay': seconds(delayMs),
          ...why,
        })
        metrics.requestRetries.add(1, { ...endpoint, ...why })
      },
      onEnd: ({ attempts, code, durationMs, error, requestId, status }) => {
        const outcome = defined({
          'http.response.status_code': status,
          'ivh.code': code,
          'error.type': error && typeOfError(error),
        })
        metrics.requestDuration.record(seconds(durationMs), { ...endpoint, ...outcome })
        span.setAttributes({
          ...outcome,
          ...defined({
            'ivh.request_id': requestId,
            'http.request.resend_count': attempts > 1 ? attempts - 1 : undefined,
          }),
        })
        if (error) failSpan(span, error)
        span.end()
      },
    }
  }
}

function serverOf(origin: string): TelemetryAttributes {
  const { hostname, port, protocol } = new URL(origin)
  const usual = protocol === 'https:' ? 443 : 80
  return { 'server.address': hostname, 'server.port': port ? Number(port) : usual }
}

/** Removes undefined attributes. */
function defined(
  attributes: Readonly<Record<string, string | number | undefined>>,
): TelemetryAttributes {
  const known: TelemetryAttributes = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) known[name] = value
  }
  return known
}
