/** Returns the message of a thrown value of any type. */
export function reasonOf(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message || cause.name : String(cause)
  } catch {
    return 'an unprintable value'
  }
}
