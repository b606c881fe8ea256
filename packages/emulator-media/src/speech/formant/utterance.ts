import { PHONES, type Phone } from './phone'
import { type SpelledSyllable, spellHan, spellWord } from './spelling'

/** One phone with its melody. */
export interface SungPhone {
  readonly phone: Phone
  readonly milliseconds: number
  readonly melody: readonly [number, number]
}

/** Over a sentence the voice sinks by so many semitones; a question rises again at its end. */
const DECLINE = 3
const QUESTION_RISE = 5

/** A sentence as phones, in order. */
export function phonesOf(sentence: string, speed: number): SungPhone[] {
  const syllables = syllablesOf(sentence)
  const question = /[?？]\s*$/.test(sentence)
  const last = syllables.findLastIndex(({ phones }) => !/^[_.]/.test(phones))
  return syllables.flatMap(({ melody, phones }, index) => {
    const through = syllables.length > 1 ? index / (syllables.length - 1) : 1
    const rise = question && index === last ? QUESTION_RISE : 0
    const base = -DECLINE * through
    const sounds = [...phones].flatMap((name) => PHONES[name] ?? [])
    return sounds.map((phone, position): SungPhone => {
      const along = (part: number): number =>
        base + melody[0] + (melody[1] - melody[0]) * part + rise * part
      return {
        phone,
        milliseconds: phone.milliseconds * (100 / speed),
        melody: [along(position / sounds.length), along((position + 1) / sounds.length)],
      }
    })
  })
}

const pause = (phones: '_' | '.'): SpelledSyllable => ({ phones, melody: [0, 0] })

function syllablesOf(sentence: string): SpelledSyllable[] {
  const pieces = sentence.match(
    /\p{Script=Han}|[\p{L}\p{N}']+?(?=\p{Script=Han}|[^\p{L}\p{N}']|$)|[,，、;；:：.。!！?？]+/gu,
  )
  return (pieces ?? []).flatMap((piece): SpelledSyllable[] => {
    if (/\p{Script=Han}/u.test(piece)) return [spellHan(piece)]
    if (/^[,，、:：]/.test(piece)) return [pause('_')]
    if (/^[;；.。!！?？]/.test(piece)) return [pause('.')]
    const spelled = spellWord(piece.normalize('NFD').replace(/[^a-z\d]/gi, ''))
    // Letters of other scripts are spoken, too: each as a syllable of its own.
    return spelled.length > 0 ? spelled : [...piece].map(spellHan)
  })
}
