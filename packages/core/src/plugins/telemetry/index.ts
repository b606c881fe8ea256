export type {
  TelemetryAttributes,
  TelemetryMeter,
  TelemetrySpan,
  TelemetryTracer,
} from './opentelemetry'
export { type TelemetryOptions, telemetry } from './telemetry'
