/** Of plain data, so that what the caller changes while something is loaded or waited for changes nothing. */
export function copyOf<Data>(data: Data): Data {
  try {
    return structuredClone(data)
  } catch {
    // A function, for example: whoever reads it is to say that it does not belong there.
    return data
  }
}
