/**
 * Compares in a time that does not depend on where the texts differ, so that a ticket cannot be guessed
 * character by character. Web Crypto has no such function, and this room runs outside Node too.
 */
export function sameTicket(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length
  for (let index = 0; index < expected.length; index++) {
    difference |= given.charCodeAt(index % Math.max(1, given.length)) ^ expected.charCodeAt(index)
  }
  return difference === 0
}

/** The ticket of a request: `Authorization: Bearer …`. */
export function bearerTicket(request: Request): string {
  return request.headers.get('authorization')?.match(/^Bearer\s+(\S+)$/i)?.[1] ?? ''
}
