import { redactText } from '@ivh-kit/kernel'
import { errorStatus, type TelemetrySpan } from './opentelemetry'

/** Returns the class name of an error, for the low-cardinality attribute `error.type`. */
export function typeOfError(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}

/** Records an error on a span, redacted: an error of the caller's source may quote a signed URL. */
export function failSpan(span: TelemetrySpan, error: unknown): void {
  span.setAttributes({ 'error.type': typeOfError(error) })
  const message = redactText(error instanceof Error ? error.message : String(error))
  span.setStatus({ code: errorStatus, message })
}
