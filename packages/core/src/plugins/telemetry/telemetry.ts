import { definePlugin, type IvhPlugin } from '../../contracts/plugin'
import { loadPeer } from '../optional-peer'
import type { Instruments } from './instruments'
import type { TelemetryApi, TelemetryMeter, TelemetryTracer } from './opentelemetry'

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
  let instruments: Instruments | undefined

  return definePlugin<undefined>({
    name: 'telemetry',
    async setup() {
      if (instruments) return
      const { tracer, meter, api } = await resolveApi(options)
      const { createInstruments } = await import('./instruments')
      instruments = createInstruments(tracer, meter, api)
    },
    onOpen: (draft, { openId }) => instruments?.sessions.open(draft, openId),
    onRequest: (request) => instruments?.requests.begin(request),
    onEvent: (event, session) => instruments?.sessions.hear(event, session),
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
