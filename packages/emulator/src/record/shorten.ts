/** A text as a log keeps it: cut, and marked as cut, when it is longer than `most` characters. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  // A slice of a text keeps all of it in memory; a copy does not.
  const start = Buffer.from(text.slice(0, most)).toString()
  return `${start}… [cut, ${text.length} characters]`
}
