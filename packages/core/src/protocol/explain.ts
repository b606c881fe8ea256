import { closestName } from '@ivh-kit/kernel'
import * as z from 'zod'

/** One invalid field of a payload. */
export interface PayloadIssue {
  readonly path: string
  readonly message: string
}

/**
 * Converts zod's issues to sentences that begin with the field. Values are never included, because some are
 * secrets.
 *
 * @param schema The schema of the payload. With it, a misspelt field gets a suggestion.
 */
export function explainIssues(
  error: z.ZodError,
  root = 'Payload',
  schema?: z.core.$ZodType,
): PayloadIssue[] {
  return error.issues.flatMap((issue) => explain(issue, root, schema))
}

function explain(
  issue: z.core.$ZodIssue,
  root: string,
  schema: z.core.$ZodType | undefined,
): PayloadIssue[] {
  const path = [root, ...issue.path].join('.')
  if (issue.code === 'unrecognized_keys') {
    const names = fieldsAt(schema, issue.path)
    return issue.keys.map((key) => ({ path: `${path}.${key}`, message: unknownField(key, names) }))
  }
  const received = /^Invalid input: expected .+, received (\w+)$/.exec(issue.message)?.[1]
  if (issue.code === 'invalid_type' && received) {
    return [
      {
        path,
        message:
          received === 'undefined'
            ? `is required (${issue.expected})`
            : `must be of type ${issue.expected}, not ${received}`,
      },
    ]
  }
  return [{ path, message: issue.message }]
}

function unknownField(key: string, names: readonly string[]): string {
  const meant = closestName(key, names)
  const hint = meant ? `did you mean ${meant}?` : 'check its spelling (names are case-sensitive)'
  return `is not a field of this request; ${hint}`
}

/** The field names of the object at a path. */
function fieldsAt(schema: z.core.$ZodType | undefined, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional) return fieldsAt(schema.unwrap(), path)
  if (!(schema instanceof z.ZodObject)) return []
  const [step, ...rest] = path
  if (step === undefined) return Object.keys(schema.shape)
  return fieldsAt(schema.shape[String(step)], rest)
}
