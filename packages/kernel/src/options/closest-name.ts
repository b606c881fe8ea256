/**
 * Finds the known name that is closest to a misspelt one, ignoring case. Undefined when more than
 * about a third of the letters differ.
 */
export function closestName(given: string, names: readonly string[]): string | undefined {
  const typed = given.toLowerCase()
  let closest: string | undefined
  let fewest = Math.max(1, Math.round(given.length / 3)) + 1
  for (const name of names) {
    const wrong = editDistance(typed, name.toLowerCase())
    if (wrong < fewest) [closest, fewest] = [name, wrong]
  }
  return closest
}

/** Returns the Levenshtein distance of two texts, computed row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1]
    for (const [column, other] of [...b].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
