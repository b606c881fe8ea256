import { definePlugin, type IvhPlugin } from '../../contracts/plugin'
import { loadPeer } from '../optional-peer'
import { createMetrics } from './metrics'
import type { TelemetryApi, TelemetryMeter, TelemetryTracer } from './opentelemetry'
import { requestTelemetry } from './request-telemetry'
import { SessionTelemetry } from './session-telemetry'

export interface TelemetryOptions {
  /** Creates the spans. Default: `trace.getTracer('@ivh-kit/core')` of `@opentelemetry/api`. */
  readonly tracer?: TelemetryTracer | undefined
  /** Creates the metrics. Default: `metrics.getMeter('@ivh-kit/core')` of `@opentelemetry/api`. */
  readonly meter?: TelemetryMeter | undefined
}

const scope = '@ivh-kit/core'

/**
 * Creates the plugin that records OpenTelemetry spans and metrics; docs/plugins.md documents their names. Put
 * it first among the plugins, so that it also measures the other plugins' work during an open.
 *
 * `@opentelemetry/api` is an optional peer that loads with the client's first call. It is not needed with
 * your own tracer and meter; spans of calls then have no parent.
 *
 * When the package is needed and not installed, the first call rejects with IvhPluginError. Its cause is an
 * IvhConfigError that names the command to run.
 *
 * @example
 * const ivh = createIvhClient({ plugins: [telemetry(), cssStream({ signer })] })
 */
export function telemetry(options: TelemetryOptions = {}): IvhPlugin<undefined> {
  let sessions: SessionTelemetry | undefined
  let onRequest: IvhPlugin['onRequest']

  return definePlugin<undefined>({
    name: 'telemetry',
    async setup() {
      if (sessions) return
      const { tracer, meter, api } = await resolveApi(options)
      const metrics = createMetrics(meter)
      const opens = new SessionTelemetry(tracer, metrics)
      sessions = opens
      // Make the span of an open the parent of its calls. Without the package, calls have no parent.
      onRequest = requestTelemetry(tracer, metrics, (openId) => {
        const parent = openId === undefined ? undefined : opens.opening(openId)
        return parent && api?.trace.setSpan(api.context.active(), parent)
      })
    },
    onOpen: (draft, { openId }) => sessions?.open(draft, openId),
    onRequest: (request) => onRequest?.(request),
    onEvent: (event, session) => sessions?.hear(event, session),
  })
}

async function resolveApi({ tracer, meter }: TelemetryOptions): Promise<{
  readonly tracer: TelemetryTracer
  readonly meter: TelemetryMeter
  readonly api: TelemetryApi | undefined
}> {
  if (tracer && meter) {
    // Continue without the package: it only adds the parent of a span.
    return { tracer, meter, api: await loadApi().catch(() => undefined) }
  }
  const api = await loadApi()
  return {
    tracer: tracer ?? api.trace.getTracer(scope),
    meter: meter ?? api.metrics.getMeter(scope),
    api,
  }
}

function loadApi(): Promise<TelemetryApi> {
  return loadPeer('@opentelemetry/api', 'telemetry()', () => import('@opentelemetry/api'))
}
