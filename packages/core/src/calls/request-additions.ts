import { IvhConfigError } from '../errors'

/** What the kit says itself, and what undici says or refuses to have said. */
const ownHeaders =
  /^(?:content-(?:type|length)|host|connection|keep-alive|transfer-encoding|upgrade|expect)$/i
const ownParameters = new Set(['appkey', 'timestamp', 'requestid', 'signature'])

/**
 * All headers of a call.
 *
 * @throws IvhConfigError naming a header that cannot be added, never its value.
 */
export function resolveHeaders(
  added: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(added)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || ownHeaders.test(name)) {
      throw new IvhConfigError(`headers has ${JSON.stringify(name)}, which cannot be added`, {
        hint: 'Leave out what belongs to the connection, and content-type.',
      })
    }
    if (typeof value !== 'string' || !/^[\t\x20-\x7e]*$/.test(value)) {
      throw new IvhConfigError(`The header ${name} is no line of printable ASCII`)
    }
    headers[name.toLowerCase()] = value
  }
  return { ...headers, 'content-type': 'application/json;charset=utf-8' }
}

/** @throws IvhConfigError naming a parameter that cannot be added, never its value. */
export function checkQuery(
  added: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(added)) {
    if (ownParameters.has(name.toLowerCase())) {
      throw new IvhConfigError(`query has ${name}, which the kit gives itself`)
    }
    // Whether the raw or the encoded form is signed cannot be told from the documents.
    const signedEitherWay = [name, value].every((part) => part && encodeURIComponent(part) === part)
    if (!signedEitherWay) {
      throw new IvhConfigError(
        `query has ${JSON.stringify(name)}, which is empty or would have to be encoded`,
        { hint: "Use letters, digits and -_.!~*'() only." },
      )
    }
  }
  return { ...added }
}
