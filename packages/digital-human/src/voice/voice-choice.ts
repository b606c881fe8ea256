import { mixedHash } from '../text-hash'

/** Returns the requested language, or that of the text: any Han character makes a text Chinese. */
export function spokenLanguage(text: string, asked: string | undefined): 'zh' | 'en' {
  if (asked && /^(zh|cmn|chinese|中)/i.test(asked)) return 'zh'
  // Do not look for English: an English voice says "Chinese letter" for a Han character.
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en'
}

/** Returns the pitch of a timbre, 0 (lowest) to 1: always the same for the same key. */
export function pitchOf(timbre: string | undefined): number {
  if (!timbre) return 0.6
  const share = mixedHash(timbre) / 0x100000000
  if (/(^|[^a-z])(male|man|boy)/i.test(timbre)) return 0.15 + 0.15 * share
  if (/female|woman|girl/i.test(timbre)) return 0.65 + 0.3 * share
  return 0.15 + 0.75 * share
}
