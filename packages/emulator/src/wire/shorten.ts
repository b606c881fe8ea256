/** Cuts a text after `most` characters and marks the cut. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  // Copy the start: a slice would keep the whole text in memory.
  const start = Buffer.from(text.slice(0, most)).toString()
  return `${start}… [cut, ${text.length} characters]`
}

/** Maximum sizes of the parts of a shortened value. */
const most = { text: 1_024, members: 20, depth: 4 } as const

/** Copies a value that is kept for long: long texts are cut, long lists and deep objects are left out. */
export function shortened<Value>(value: Value): Value {
  return shortCopy(value, 0) as Value
}

function shortCopy(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return shorten(value, most.text)
  if (typeof value !== 'object' || value === null) return value
  if (depth === most.depth) return undefined
  if (Array.isArray(value)) {
    return value.slice(0, most.members).map((item) => shortCopy(item, depth + 1))
  }
  const members = Object.entries(value).slice(0, most.members)
  return Object.fromEntries(members.map(([name, item]) => [name, shortCopy(item, depth + 1)]))
}
