import { mixedHash } from '../text-hash'

/** Returns the pitch of a timbre, 0 (lowest) to 1: always the same for the same key. */
export function pitchOf(timbre: string | undefined): number {
  if (!timbre) return 0.6
  if (/(^|[^a-z])(male|man|boy)/i.test(timbre)) return 0.15 + 0.15 * share(timbre)
  if (/female|woman|girl/i.test(timbre)) return 0.65 + 0.3 * share(timbre)
  return 0.15 + 0.75 * share(timbre)
}

function share(text: string): number {
  return mixedHash(text) / 0x100000000
}
