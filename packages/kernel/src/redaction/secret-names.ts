/** Names of secrets, alone or at the end of a longer name such as `TrtcUserSig`. */
export const secretName =
  '(?:access[_-]?token|signature|user[_-]?sig|private[_-]?map[_-]?key|tx[_-]?secret)'

const secretField = new RegExp(`${secretName}$`, 'i')

/** Returns whether a value with this name is a secret. */
export function namesSecret(name: unknown): boolean {
  return typeof name === 'string' && secretField.test(name)
}
