import type * as z from 'zod'

/** One thing wrong with a payload, in words, with the path of the field. */
export interface PayloadIssue {
  readonly path: string
  readonly message: string
}

/**
 * Turns zod's issues into sentences that begin with the field. Values are never repeated: some of them
 * are secrets.
 */
export function explainIssues(error: z.ZodError, root = 'Payload'): PayloadIssue[] {
  return error.issues.flatMap((issue) => explain(issue, root))
}

function explain(issue: z.core.$ZodIssue, root: string): PayloadIssue[] {
  const path = [root, ...issue.path].join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: `${path}.${key}`,
      message: 'is not a field of this request; check its spelling (names are case-sensitive)',
    }))
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
