import { explainIssues } from '@ivh-kit/core/protocol'
import * as z from 'zod'
import { Refusal } from './refusal'

/** A zod schema. The public types of the emulator do not contain those of zod. */
export interface PayloadSchema<Output> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Output }
    | { success: false; error: { readonly issues: readonly object[] } }
}

/** Maximum number of wrong fields in a message. */
const maxShown = 3

/** Checks a payload. @throws Refusal 100001 with the first fields that break the schema. */
export function checkPayload<Output>(schema: PayloadSchema<Output>, payload: unknown): Output {
  const result = schema.safeParse(payload)
  if (result.success) return result.data
  const { error } = result
  const issues = error instanceof z.ZodError ? explainIssues(error) : []
  const wrong = issues.map(({ message, path }) => `${path} ${message}`)
  const more = wrong.length > maxShown ? `; and ${wrong.length - maxShown} more` : ''
  throw new Refusal(
    100001,
    `bad request parameter: ${wrong.slice(0, maxShown).join('; ') || 'the payload'}${more}`,
  )
}
