import { rememberSecret } from '@ivh-kit/kernel'
import { IvhConfigError } from '../errors'

/** Headers that the kit or undici sets. */
const ownHeaders =
  /^(?:content-(?:type|length)|host|connection|keep-alive|transfer-encoding|upgrade|expect)$/i
const ownParameters = new Set(['appkey', 'timestamp', 'requestid', 'signature'])

/**
 * Returns all headers of a call.
 *
 * @throws IvhConfigError naming a forbidden header, never its value.
 */
export function resolveHeaders(
  added: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(added)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || ownHeaders.test(name)) {
      throw new IvhConfigError(`headers must not contain ${JSON.stringify(name)}`, {
        option: 'headers',
        hint: 'Leave out connection headers and content-type: the kit sets them.',
      })
    }
    if (typeof value !== 'string' || !/^[\t\x20-\x7e]*$/.test(value)) {
      throw new IvhConfigError(`The header ${name} must be one line of printable ASCII`)
    }
    // A header of the application is usually a credential of its proxy.
    if (/auth|key|secret|token|cookie|session/i.test(name)) rememberSecret(value)
    headers[name.toLowerCase()] = value
  }
  return { ...headers, 'content-type': 'application/json;charset=utf-8' }
}

/** @throws IvhConfigError naming a forbidden parameter, never its value. */
export function checkQuery(
  added: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(added)) {
    if (ownParameters.has(name.toLowerCase())) {
      throw new IvhConfigError(`query must not contain ${name}: the kit sets it`)
    }
    // The documents do not say whether the raw or the encoded value is signed, so allow only values that
    // encoding does not change.
    const signedEitherWay = [name, value].every((part) => part && encodeURIComponent(part) === part)
    if (!signedEitherWay) {
      throw new IvhConfigError(`query.${name} must not be empty and must need no encoding`, {
        hint: "Use letters, digits and -_.!~*'() only.",
      })
    }
  }
  return { ...added }
}
