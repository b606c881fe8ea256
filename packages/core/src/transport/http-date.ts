/** Parses an HTTP date to milliseconds since the epoch; undefined for any other text. */
export function httpDate(value: string | undefined): number | undefined {
  if (value === undefined || !/^[A-Z][a-z]{2}, .* GMT$/.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}
