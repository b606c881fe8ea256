import { explainIssues } from '@ivh-kit/core/protocol'
import { Refusal } from './refusal'

interface Schema<Output> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Output }
    | { success: false; error: Parameters<typeof explainIssues>[0] }
}

/** A misspelt field shows twice: as missing, and as unknown. */
const mostShown = 3

/** @throws Refusal 100001 with the first fields that break the schema. */
export function check<Output>(schema: Schema<Output>, payload: unknown): Output {
  const result = schema.safeParse(payload)
  if (result.success) return result.data
  const wrong = explainIssues(result.error).map(({ message, path }) => `${path} ${message}`)
  const more = wrong.length > mostShown ? `; and ${wrong.length - mostShown} more` : ''
  throw new Refusal(
    100001,
    `bad request parameter: ${wrong.slice(0, mostShown).join('; ') || 'the payload'}${more}`,
  )
}
