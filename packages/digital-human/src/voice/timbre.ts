/** Returns the pitch of a timbre, 0 (lowest) to 1: always the same for the same key. */
export function pitchOf(timbre: string | undefined): number {
  if (!timbre) return 0.6
  if (/(^|[^a-z])(male|man|boy)/i.test(timbre)) return 0.15 + 0.15 * share(timbre)
  if (/female|woman|girl/i.test(timbre)) return 0.65 + 0.3 * share(timbre)
  return 0.15 + 0.75 * share(timbre)
}

function share(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
  return ((hash ^ (hash >>> 15)) >>> 0) / 0x100000000
}
