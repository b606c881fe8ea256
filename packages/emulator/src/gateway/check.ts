import { explainIssues } from '@ivh-kit/core/protocol'
import { Refusal } from './refusal'

interface Schema<Output> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Output }
    | { success: false; error: Parameters<typeof explainIssues>[0] }
}

/** @throws Refusal 100001 with the first field that breaks the schema. */
export function check<Output>(schema: Schema<Output>, payload: unknown): Output {
  const result = schema.safeParse(payload)
  if (result.success) return result.data
  const [first] = explainIssues(result.error)
  throw new Refusal(
    100001,
    first ? `bad request parameter: ${first.path} ${first.message}` : 'bad request',
  )
}
