/** The two languages that the voices speak. */
export type SpokenLanguage = 'zh' | 'en'

/** What was asked for, and else what the text is written in: any Han character makes it Chinese. */
export function spokenLanguage(text: string, asked: string | undefined): SpokenLanguage {
  if (asked && /^(zh|cmn|chinese|中)/i.test(asked)) return 'zh'
  if (asked && /^(en|english)/i.test(asked)) {
    // An English voice that met a Han character would only say that it is a Chinese letter.
    return /\p{Script=Han}/u.test(text) ? 'zh' : 'en'
  }
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en'
}
