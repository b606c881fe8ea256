/** What was thrown, in words. It may be anything, also what cannot be made a text. */
export function reasonOf(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message || cause.name : String(cause)
  } catch {
    return 'something that cannot be told in words'
  }
}
