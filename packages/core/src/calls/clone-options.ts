/** Copies plain data, so that later changes by the caller have no effect. */
export function cloneOptions<Data>(data: Data): Data {
  try {
    return structuredClone(data)
  } catch {
    // It holds something that is not plain data, for example a function. The schema will report it.
    return data
  }
}
