/** Cuts a text after `most` characters and marks the cut. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  // A slice keeps the whole text in memory; a copy does not.
  const start = Buffer.from(text.slice(0, most)).toString()
  return `${start}… [cut, ${text.length} characters]`
}
