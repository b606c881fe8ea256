/** Joins samples into one array. */
export function joinedSamples(parts: readonly Int16Array[]): Int16Array<ArrayBuffer> {
  return joined(parts, (length) => new Int16Array(length))
}

interface NumberArray extends ArrayLike<number> {
  set(part: ArrayLike<number>, offset: number): void
}

/** Joins arrays into one that `create` makes. */
export function joined<T extends NumberArray>(
  parts: readonly ArrayLike<number>[],
  create: (length: number) => T,
): T {
  const whole = create(parts.reduce((sum, { length }) => sum + length, 0))
  let end = 0
  for (const part of parts) {
    whole.set(part, end)
    end += part.length
  }
  return whole
}
