/** Copies plain data, so that later changes by the caller have no effect. */
export function cloneOptions<Data>(data: Data): Data {
  try {
    return structuredClone(data)
  } catch {
    // `data` holds a value that cannot be cloned, for example a function. The schema reports it.
    return data
  }
}
