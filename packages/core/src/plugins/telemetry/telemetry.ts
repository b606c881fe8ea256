import { definePlugin, type IvhPlugin } from '../../contracts/plugin'
import { loadPeer } from '../optional-peer'
import type { Instruments } from './instruments'
import type { TelemetryApi, TelemetryMeter, TelemetryTracer } from './opentelemetry'

export interface TelemetryOptions {
  /** Default: `trace.getTracer('@ivh-kit/core')` of `@opentelemetry/api`. */
  readonly tracer?: TelemetryTracer | undefined
  /** Default: `metrics.getMeter('@ivh-kit/core')` of `@opentelemetry/api`. */
  readonly meter?: TelemetryMeter | undefined
}

const scope = '@ivh-kit/core'

/**
 * OpenTelemetry spans and metrics, by the names in docs/plugins.md. Put it first among the plugins, so
 * that what the others do while a session opens is measured too.
 *
 * `@opentelemetry/api` is an optional peer, loaded with the client's first call. With a tracer and a
 * meter of your own it may be missing; the spans of an open are then not its children.
 *
 * The first call rejects with IvhPluginError, its cause an IvhConfigError that names the command to run,
 * when the package is needed and not installed.
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
      // Most clients are not watched: what imports the package reads this only when it is.
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
    // Only for the parent of a span, which can be done without.
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
