import { explainIssues } from '@ivh-kit/core/protocol'
import { Refusal } from './refusal'

interface Schema<Output> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Output }
    | { success: false; error: Parameters<typeof explainIssues>[0] }
}

/** Maximum number of wrong fields in a message. */
const maxShown = 3

/** Checks a payload. @throws Refusal 100001 with the first fields that break the schema. */
export function checkPayload<Output>(schema: Schema<Output>, payload: unknown): Output {
  const result = schema.safeParse(payload)
  if (result.success) return result.data
  const wrong = explainIssues(result.error).map(({ message, path }) => `${path} ${message}`)
  const more = wrong.length > maxShown ? `; and ${wrong.length - maxShown} more` : ''
  throw new Refusal(
    100001,
    `bad request parameter: ${wrong.slice(0, maxShown).join('; ') || 'the payload'}${more}`,
  )
}
