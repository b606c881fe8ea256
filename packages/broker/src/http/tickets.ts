/**
 * Compares two tickets in constant time, so that an attacker cannot guess a ticket character by
 * character. Web Crypto has no such function, and the broker also runs outside Node.
 */
export function sameTicket(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length
  for (let index = 0; index < expected.length; index++) {
    difference |= given.charCodeAt(index % Math.max(1, given.length)) ^ expected.charCodeAt(index)
  }
  return difference === 0
}

/** The ticket in the header `Authorization: Bearer …`; empty without one. */
export function bearerTicket(request: Request): string {
  return request.headers.get('authorization')?.match(/^Bearer\s+(\S+)$/i)?.[1] ?? ''
}
