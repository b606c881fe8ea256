/** The languages of the voices. */
export type SpokenLanguage = 'zh' | 'en'

/** Returns the requested language, or that of the text: any Han character makes a text Chinese. */
export function spokenLanguage(text: string, asked: string | undefined): SpokenLanguage {
  if (asked && /^(zh|cmn|chinese|中)/i.test(asked)) return 'zh'
  if (asked && /^(en|english)/i.test(asked)) {
    // Prefer Chinese, because an English voice says "Chinese letter" for a Han character.
    return /\p{Script=Han}/u.test(text) ? 'zh' : 'en'
  }
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en'
}
