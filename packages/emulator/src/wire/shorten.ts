/** Cuts a text after `most` characters and marks the cut. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  // Copy the start: a slice would keep the whole text in memory.
  const start = Buffer.from(text.slice(0, most)).toString()
  return `${start}… [cut, ${text.length} characters]`
}
