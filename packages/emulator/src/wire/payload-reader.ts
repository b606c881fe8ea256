import { requestEnvelopeSchema } from '@ivh-kit/core/internal/protocol'
import { checkPayload, type PayloadSchema } from './check-payload'
import { shorten } from './shorten'

/** Maximum number of field names in memory. Later names are not logged. */
const maxNames = 1_000
/** Maximum number of levels of a payload with known fields only. */
const deepestPayload = 10
/** Maximum length of a field name in memory and in the log, in characters. */
const longestName = 100

/**
 * Reads what clients send. No document says that the service refuses fields that it does not know or a
 * request without `Header`, and public clients send both: they are accepted, and logged once each.
 */
export class PayloadReader {
  readonly #report: (text: string) => void
  readonly #noted = new Set<string>()

  /** @param report Receives one sentence for each kind of deviation. */
  constructor(report: (text: string) => void) {
    this.#report = report
  }

  /** Logs an accepted deviation once. */
  note(name: string, text: string): void {
    if (this.#noted.has(name) || this.#noted.size >= maxNames) return
    this.#noted.add(name)
    this.#report(`accepted: ${text}`)
  }

  /** Returns the payload of an envelope, or undefined when it is not an envelope. */
  payloadOf(envelope: unknown): Record<string, unknown> | undefined {
    const result = requestEnvelopeSchema.safeParse(envelope)
    if (!result.success) return undefined
    const { Header, Payload } = result.data
    if (Header === undefined) {
      this.note('Header', 'a request without Header; the documents show "Header": {}')
    } else if (Array.isArray(Header)) {
      this.note('Header []', 'a Header that is an array; the documents show "Header": {}')
    }
    return Payload
  }

  /** Checks a payload. Removes and logs fields that the schema does not know. @throws Refusal 100001. */
  check<Output>(schema: PayloadSchema<Output>, payload: unknown): Output {
    let known = payload
    for (let level = 0; level < deepestPayload; level++) {
      const result = schema.safeParse(known)
      if (result.success) return result.data
      const { issues } = result.error
      if (!issues.every(isUnknownFields)) break
      for (const { keys, path } of issues) {
        for (const key of keys) {
          const name = shorten(['Payload', ...path, key].join('.'), longestName)
          this.note(name, `the unknown field ${name}, which has no effect; check its spelling`)
        }
        known = without(known, path, keys)
      }
    }
    return checkPayload(schema, known)
  }
}

/** The issue of an object with fields that the schema does not know. */
interface UnknownFields {
  readonly code: 'unrecognized_keys'
  readonly keys: readonly string[]
  readonly path: readonly PropertyKey[]
}

function isUnknownFields(issue: object): issue is UnknownFields {
  return 'code' in issue && issue.code === 'unrecognized_keys'
}

/** Copies a value without some members of the object at `path`. */
function without(value: unknown, path: readonly PropertyKey[], keys: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<PropertyKey, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...value }
  const [step, ...rest] = path
  if (step === undefined) for (const key of keys) Reflect.deleteProperty(copy, key)
  else Reflect.set(copy, step, without(Reflect.get(copy, step), rest, keys))
  return copy
}
